import type { LiveSession } from '../../application/admission/door.ts';
import type { RecordKind } from '../../application/ports/recordings.ts';
import type { TerminalExit, TerminalRequest } from '../../application/ports/target-terminal.ts';
import { sessionRecords } from '../kit/session-records.ts';
import { stderrCode } from './channel.ts';
import type { WindowSize } from './codec/requests.ts';
import { typedRecords } from './typing/typed-records.ts';

/**
 * What a session's recording gets to see. Every call comes before the bytes it is about are passed on; a promise says
 * that they must wait. Rejects or throws only when the recording is a duty and can't be written.
 */
export interface Tap {
  /** Bytes to the person; `code` 0 is standard output, 1 standard error (RFC 4254 section 5.2). */
  output(channel: number, code: number, data: readonly Uint8Array[]): void | Promise<void>;
  /** One JSON value about a file transfer. */
  file(channel: number, value: unknown): void | Promise<void>;
  /** Bytes from the person; they never wait for the recording, because nothing is written of them yet. */
  typed(channel: number, data: Uint8Array): void;
  resized(channel: number, size: WindowSize): void | Promise<void>;
  /** Gives the place of the record that holds the command line; null when nothing is recorded. */
  started(channel: number, request: TerminalRequest): Promise<number | null>;
  /** The same for a connection through the target, whose bytes are not recorded. */
  forwarded(channel: number, pair: string): Promise<number | null>;
  ended(channel: number, exit: TerminalExit): void | Promise<void>;
}

/** For a transfer that can't be read: its contents are counted, and do not spoil the recording. */
export function withoutContents(tap: Tap): Tap {
  return {
    ...tap,
    output: (channel, code, data) => (code === stderrCode ? tap.output(channel, code, data) : undefined),
  };
}

/**
 * Writes to the session's recorder. What is typed is recorded on terminals only, and where the entitlement asks for it.
 * `broken`: the recording can't go on because of an error of ours, of which no call can tell.
 */
export function tapOf(session: LiveSession, broken: () => void): Tap {
  if (session.recorder === null) {
    return {
      output: () => {},
      file: () => {},
      typed: () => {},
      resized: () => {},
      started: async () => null,
      forwarded: async () => null,
      ended: () => {},
    };
  }
  const records = sessionRecords(session);
  const write = records.write.bind(records);
  const writeJson = (kind: RecordKind, channel: number, value: unknown): void | Promise<void> =>
    write(kind, channel, Buffer.from(JSON.stringify(value)));
  const writeStart = async (channel: number, record: unknown): Promise<number | null> => {
    const place = records.next;
    await writeJson('channel', channel, record);
    return place;
  };
  const typing = typedRecords({ write, writeJson, broken });

  return {
    output: (channel, code, data) =>
      both(write(code === stderrCode ? 'stderr' : 'output', channel, data), typing.shown(channel, data)),
    file: (channel, value) => writeJson('file', channel, value),
    typed: (channel, data) => typing.typed(channel, data),
    resized: (channel, size) => writeJson('resize', channel, { columns: size.columns, rows: size.rows }),
    started: async (channel, request) => {
      const place = await writeStart(channel, startRecord(request));
      if (session.authorized.channels.ssh.typed && request.pty !== null) typing.begin(channel);
      return place;
    },
    forwarded: async (channel, name) =>
      await writeStart(channel, { event: 'started', kind: 'direct-tcpip', name, command: null, pty: null }),
    ended: (channel, exit) => {
      const rest = typing.end(channel);
      const written = writeJson('channel', channel, {
        event: 'ended',
        exitCode: exit.code,
        signal: exit.signal,
        coreDumped: exit.coreDumped,
      });
      return both(rest, written);
    },
  };
}

function both(one: void | Promise<void>, other: void | Promise<void>): void | Promise<void> {
  if (one === undefined) return other;
  if (other === undefined) return one;
  return Promise.all([one, other]).then(() => undefined);
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
