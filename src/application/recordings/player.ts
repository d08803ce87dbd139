import type { Protocol } from '../../domain/kernel/door.ts';
import type { SessionId } from '../../domain/kernel/ids.ts';
import { sessionDecider } from '../../domain/session/decider.ts';
import { FoldedStreams } from '../commands/folded-streams.ts';
import { viewerContext } from '../commands/logins.ts';
import { refused } from '../commands/passes.ts';
import { type CommandTools, StreamWriter } from '../commands/run-command.ts';
import { absentSession, mayReadRecording } from '../commands/sessions.ts';
import type { PlayerFace, ReadingOpened } from '../ports/player-face.ts';
import type { Replays } from '../ports/replays.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import { railEvents } from './rail-events.ts';
import { type Reading, Readings } from './readings.ts';

export interface PlayerTools {
  readonly tools: CommandTools;
  readonly replays: Pick<Replays, 'open'>;
}

/** A session may have a hundred thousand events, and each read asks whether it lives. */
const sessions = new FoldedStreams(sessionDecider);

/** Recordings for a player. That one is opened is an event before anything of it is given; each read checks the right anew. */
export function recordingPlayer({ tools, replays }: PlayerTools): PlayerFace {
  const readings = new Readings(() => performance.now());

  const open = async (viewer: Viewer, sessionId: SessionId): Promise<ReadingOpened | Refused> => {
    const { state } = await sessions.read(tools.log, sessionId);
    if (!mayReadRecording(viewer, state)) return absentSession(sessionId);
    const { session } = state;
    const replay = await replays.open(sessionId);
    if (replay === null) {
      return refused('absent', `session ${sessionId} has no recording (recording: ${session.recording})`);
    }
    const live = state.status === 'open';
    const manner = live ? 'follow' : 'play';
    const noted = await new StreamWriter(tools, sessionDecider, sessionId).run(viewerContext({ tools }, viewer), {
      type: 'read-recording',
      sessionId,
      manner,
      format: 'player',
    });
    if (!noted.ok) return refused(noted.rejection.code, noted.rejection.message);
    const id = tools.ids.uuid();
    readings.add({ id, sessionId, loginId: viewer.loginId, owner: session.userId, replay });
    return { ok: true, id, live, screen: databases.has(session.protocol) ? 'statements' : 'terminal' };
  };

  const isLive = async ({ sessionId }: Reading): Promise<boolean> =>
    (await sessions.read(tools.log, sessionId)).state.status === 'open';

  return {
    open,
    async index(viewer, id, fromChunk) {
      const reading = readings.use(viewer, id);
      if (reading === null) return ended();
      const index = await reading.replay.index(fromChunk);
      return { ok: true, index, live: !index.whole && (await isLive(reading)) };
    },
    async records(viewer, id, wish) {
      const reading = readings.use(viewer, id);
      if (reading === null) return ended();
      const live = await isLive(reading);
      return { ok: true, lines: reading.replay.records({ ...wish, follow: live ? wish.follow : null }, live) };
    },
    async statements(viewer, id, wish, signal) {
      const reading = readings.use(viewer, id);
      if (reading === null) return ended();
      return { ok: true, lines: reading.replay.statements(wish, await isLive(reading), signal) };
    },
    search(viewer, id, wish, signal) {
      const reading = readings.use(viewer, id);
      return Promise.resolve(reading === null ? ended() : { ok: true, lines: reading.replay.search(wish, signal) });
    },
    async screen(viewer, id, channel, milliseconds, signal) {
      const reading = readings.use(viewer, id);
      if (reading === null) return ended();
      const screen = await reading.replay.screen(channel, milliseconds, signal);
      return screen === null ? noScreen(channel) : { ok: true, screen };
    },
    async rail(viewer, id, start, most) {
      const reading = readings.use(viewer, id);
      if (reading === null) return ended();
      const { startedAt } = await reading.replay.index(Infinity);
      const events = railEvents(tools.log, reading.sessionId, start.position, startedAt);
      return { ok: true, lines: reading.replay.rail(start, most, events, await isLive(reading)) };
    },
  };
}

const databases: ReadonlySet<Protocol> = new Set<Protocol>(['postgres', 'mysql']);

function noScreen(channel: number): Refused {
  const why = `no screen is kept of channel ${String(channel)} at this moment: too many or too large ones were open at once`;
  return refused('no-screen', `${why}; read its records, or choose an earlier moment or another channel`);
}

function ended(): Refused {
  return refused('absent', 'this reading has ended, or is none of yours; open the recording again');
}
