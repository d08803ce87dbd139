import type { LiveSession } from '../../application/admission/door.ts';
import type { NewRecord, RecordEntry } from '../../application/ports/recordings.ts';
import type { TerminalExit, TerminalRequest } from '../../application/ports/target-terminal.ts';
import type { WindowSize } from './codec/requests.ts';

/**
 * What a session's recording gets to see. Every call comes before the bytes it is about are passed on; a promise says
 * that they must wait. Rejects or throws only when the recording is a duty and can't be written.
 */
export interface Tap {
  output(channel: number, data: readonly Uint8Array[]): void | Promise<void>;
  /** One JSON value about a file transfer. */
  file(channel: number, value: unknown): void | Promise<void>;
  resized(channel: number, size: WindowSize): void | Promise<void>;
  /** Gives the place of the record that holds the command line; null when nothing is recorded. */
  started(channel: number, request: TerminalRequest): Promise<number | null>;
  /** The same for a connection through the target, whose bytes are not recorded. */
  forwarded(channel: number, pair: string): Promise<number | null>;
  ended(channel: number, exit: TerminalExit): void | Promise<void>;
}

/** Writes to the session's recorder. Input is not recorded: no policy asks for it yet. */
export function tapOf(session: LiveSession): Tap {
  const { recorder, authorized } = session;
  const start = performance.now();
  if (recorder === null) {
    return {
      output: () => {},
      file: () => {},
      resized: () => {},
      started: async () => null,
      forwarded: async () => null,
      ended: () => {},
    };
  }
  const bestEffort = authorized.recording === 'preferred';
  const write = (kind: RecordEntry['kind'], channel: number, data: NewRecord['data']): void | Promise<void> => {
    const entry = { kind, channel, data, at: Math.round(performance.now() - start) };
    if (!bestEffort) return recorder.write(entry);
    try {
      return recorder.write(entry)?.catch(() => {});
    } catch {
      return undefined;
    }
  };
  const writeJson = (kind: RecordEntry['kind'], channel: number, value: unknown): void | Promise<void> =>
    write(kind, channel, Buffer.from(JSON.stringify(value)));
  const writeStart = async (channel: number, record: unknown): Promise<number> => {
    const place = recorder.records;
    await writeJson('channel', channel, record);
    return place;
  };

  return {
    output: (channel, data) => write('output', channel, data),
    file: (channel, value) => writeJson('file', channel, value),
    resized: (channel, size) => writeJson('resize', channel, { columns: size.columns, rows: size.rows }),
    started: async (channel, request) => await writeStart(channel, startRecord(request)),
    forwarded: async (channel, name) =>
      await writeStart(channel, { event: 'started', kind: 'direct-tcpip', name, command: null, pty: null }),
    ended: (channel, exit) =>
      writeJson('channel', channel, {
        event: 'ended',
        exitCode: exit.code,
        signal: exit.signal,
        coreDumped: exit.coreDumped,
      }),
  };
}

function startRecord({ kind, command, pty, env }: TerminalRequest): unknown {
  return {
    event: 'started',
    kind,
    command: command === null ? null : Buffer.from(command, 'latin1').toString('utf8'),
    pty: pty === null ? null : { term: pty.term, columns: pty.columns, rows: pty.rows },
    env: env.map(({ name }) => name),
  };
}
