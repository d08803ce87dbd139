import type { CheckpointSigner } from '../../application/audit/checkpoint.ts';
import type { AppendResult, EventCatalogue, EventLog, NewEvent, ReadAll } from '../../application/ports/event-log.ts';
import type { PersonKeys } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import { atOf, decodeEvent } from './event-decoding.ts';
import type { EventRow } from './event-decoding.ts';
import { encodeAppend, schemaOf } from './event-encoding.ts';
import { GroupCommit } from './group-commit.ts';
import { HeadWatch } from './head-watch.ts';
import type { LogWarning } from './log-batch.ts';
import { LogReader } from './log-reader.ts';
import { checkpointFile, logFile } from './log-schema.ts';
import { subscribe } from './log-subscription.ts';
import { placeOf, positionOf } from './position.ts';

export interface ReadOnlyLogOptions {
  readonly folder: string;
  readonly catalogue: EventCatalogue;
  readonly personKeys: PersonKeys;
  readonly onWarning?: (warning: LogWarning) => void;
}

export interface EventLogOptions extends ReadOnlyLogOptions {
  /** Signs the checkpoints; Ed25519. */
  readonly signer: CheckpointSigner;
  /** A second file for the newest checkpoint, best on another machine: what finds a tail cut by an administrator. */
  readonly secondCheckpointPath?: string;
}

export type OpenEventLog = EventLog & {
  /** Writes what waits and the last checkpoint, and ends; afterwards everything is refused. */
  close(): Promise<void>;
};

/** Opens, and makes if need be, the log of an installation. Errors: `unavailable`, `log-unavailable`. */
export async function openEventLog(options: EventLogOptions): Promise<OpenEventLog> {
  const { folder, catalogue, personKeys, signer, secondCheckpointPath } = options;
  const reading = openForReading(options);
  const commit = await GroupCommit.open({
    file: logFile(folder),
    signer,
    checkpointPaths: [checkpointFile(folder), ...(secondCheckpointPath === undefined ? [] : [secondCheckpointPath])],
    onWarning: reading.onWarning,
    onCommit: () => reading.watch.wake(),
  });
  let closing: Promise<void> | undefined;
  return {
    ...reading.log,
    probe: () => commit.probe(),
    append: async (stream, expectedVersion, events) => {
      const encoded = encodeAppend(catalogue, personKeys, stream, expectedVersion, events);
      const outcome = await commit.append(encoded);
      switch (outcome.kind) {
        case 'conflict':
          return { ok: false, actualVersion: outcome.actual };
        case 'duplicate-id':
          throw new SallyportError(
            'integrity',
            'duplicate-event-id',
            `an event appended to ${stream} has an id that the log holds already; nothing was appended`,
          );
        case 'repeated':
          return appended(expectedVersion, reading.rows(outcome.first, events.length), outcome.first);
        case 'appended':
          return appended(
            expectedVersion,
            asStored(catalogue, stream, expectedVersion, events, outcome.first),
            outcome.first,
          );
      }
    },
    close: async () => {
      closing ??= commit.close().then(() => reading.close());
      await closing;
    },
  };
}

/** The log for tools that only read, beside the processes that write. Errors come with the first read. */
export function openReadOnlyLog(options: ReadOnlyLogOptions): Omit<OpenEventLog, 'append' | 'probe'> {
  const { log, close } = openForReading(options);
  return { ...log, close: async () => close() };
}

function openForReading(options: ReadOnlyLogOptions): {
  readonly log: Omit<EventLog, 'append' | 'probe'>;
  readonly watch: HeadWatch;
  readonly onWarning: (warning: LogWarning) => void;
  readonly rows: (first: number, count: number) => StoredEvent[];
  readonly close: () => void;
} {
  const { folder, catalogue, personKeys } = options;
  const reader = new LogReader(logFile(folder));
  const watch = new HeadWatch(() => reader.head());
  const onWarning = options.onWarning ?? (() => undefined);
  const decode = (row: EventRow): StoredEvent => decodeEvent(catalogue, personKeys, row);
  const ended = new AbortController();
  return {
    watch,
    onWarning,
    rows: (first, count) => reader.range(first, count).map(decode),
    close: () => {
      ended.abort();
      reader.close();
    },
    log: {
      readStream: async (stream, page) =>
        reader.stream(stream, placeOf(page?.after ?? null), page?.limit ?? -1).map(decode),
      readAt: async (positions) => reader.at(positions.map(placeOf)).map(decode),
      readAll: async ({ after, limit, filter }: ReadAll) => readAll(reader, placeOf(after), limit, filter).map(decode),
      head: async () => positionOf(reader.head()),
      newestAt: async () => {
        const row = reader.newest();
        return row === undefined ? null : atOf(row);
      },
      subscribeAll: ({ signal, ...from }) =>
        subscribe({ reader, watch, decode, onWarning }, { ...from, signal: AbortSignal.any([signal, ended.signal]) }),
    },
  };
}

function readAll(reader: LogReader, after: number, limit: number, filter: ReadAll['filter']): readonly EventRow[] {
  const rows: EventRow[] = [];
  for (let place = after; rows.length < limit; ) {
    const page = reader.page(place, limit - rows.length, filter);
    rows.push(...page.rows);
    place = page.upTo;
    if (place >= page.head) break;
  }
  return rows;
}

function appended(expected: number, events: readonly StoredEvent[], first: number): AppendResult {
  return { ok: true, version: expected + events.length, position: positionOf(first + events.length - 1), events };
}

function asStored(
  catalogue: EventCatalogue,
  stream: StreamId,
  expected: number,
  events: readonly NewEvent[],
  first: number,
): readonly StoredEvent[] {
  return events.map(({ id, type, data, metadata }, index) => ({
    id,
    position: positionOf(first + index),
    stream,
    streamVersion: expected + index + 1,
    type,
    schemaVersion: schemaOf(catalogue, type)?.version ?? 1,
    data,
    metadata,
  }));
}
