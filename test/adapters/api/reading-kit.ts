import { readingRoutes } from '../../../src/adapters/api/reading-routes.ts';
import { fileReplays } from '../../../src/adapters/recordings/replay/file-replays.ts';
import { uuidV7Ids } from '../../../src/adapters/system/ids.ts';
import { StreamWriter } from '../../../src/application/commands/run-command.ts';
import { eventCatalogue } from '../../../src/application/event-catalogue.ts';
import type { PlayerFace } from '../../../src/application/ports/player-face.ts';
import { recordingPlayer } from '../../../src/application/recordings/player.ts';
import type { SessionId } from '../../../src/domain/kernel/ids.ts';
import { sessionDecider } from '../../../src/domain/session/decider.ts';
import type { SessionCommand } from '../../../src/domain/session/commands.ts';
import { id } from '../../domain/kit/ids.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';
import { memoryLog } from '../../kit/memory-log.ts';
import { logins, startTestWeb } from '../http/web-kit.ts';
import { begin, startedAt, vaultIn } from '../recordings/recording-kit.ts';

export type Line = Readonly<Record<string, unknown>>;

/** A real recording of a session of `spl_user`, read over a real HTTPS server by the player's face. */
export async function readingRig() {
  const folder = makeTempDir();
  const recording = await begin(folder.path);
  const log = memoryLog(eventCatalogue);
  let at = startedAt;
  const tools = { log, ids: uuidV7Ids(), now: async () => at };
  const { session } = recording;
  const owner = logins.get('spl_user')!;
  const run = async (command: SessionCommand, milliseconds = 0): Promise<void> => {
    at = new Date(Date.parse(startedAt) + milliseconds).toISOString();
    const context = { actor: { kind: 'user', userId: owner.userId }, correlationId: 'c', causationId: null } as const;
    const result = await new StreamWriter(tools, sessionDecider, session).run(context, command);
    if (!result.ok) throw new Error(result.rejection.message);
  };
  await run({ type: 'open', session: { ...opened, userId: owner.userId } });
  const replays = fileReplays(recording.data, vaultIn(recording.data), () => {});
  const player: PlayerFace = recordingPlayer({ tools, replays });
  const web = await startTestWeb({ routes: readingRoutes(player) });
  const openReading = async (as = 'spl_user', of: SessionId = session) =>
    web.ask(`/api/v1/recordings/${of}/readings`, { method: 'POST', as });
  return {
    ...recording,
    log,
    web,
    run,
    openReading,
    close: async () => {
      await web.close();
      await replays.close();
      folder.remove();
    },
    end: () => run({ type: 'end', reason: 'closed-by-client', message: null, bytesReceived: 1, bytesSent: 2 }, 60_000),
    readings: async () => (await log.readStream(session)).filter(({ type }) => type === 'RecordingRead'),
    get: (reading: string, rest = '', as = 'spl_user') => web.ask(`/api/v1/readings/${reading}${rest}`, { as }),
    /** The lines of an answer. */
    lines: async (reading: string, rest: string): Promise<readonly Line[]> => {
      const { status, body } = await web.ask(`/api/v1/readings/${reading}${rest}`, { as: 'spl_user' });
      if (status !== 200) throw new Error(`${String(status)} ${body}`);
      return linesOf(body);
    },
  };
}

export function linesOf(body: string): readonly Line[] {
  return body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const opened = {
  passId: id('token'),
  targetId: id('target'),
  targetName: 'web-1',
  accountId: id('account'),
  accountName: 'root',
  entitlementId: id('entitlement'),
  protocol: 'ssh',
  source: '127.0.0.1',
  client: 'OpenSSH_9.9',
  group: null,
  recording: 'required',
  nodeId: id('node'),
  bootId: 'boot',
  reason: null,
} as const;
