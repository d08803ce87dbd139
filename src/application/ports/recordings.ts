import type { SessionId } from '../../domain/kernel/ids.ts';

/** What happened at a moment of a session; `at` is milliseconds since its start. */
export type RecordKind =
  | 'output'
  | 'input'
  | 'resize'
  | 'statement'
  | 'file'
  | 'frame'
  | 'gap'
  | 'channel'
  | 'hidden'
  | 'stderr';

export interface RecordEntry {
  readonly kind: RecordKind;
  readonly at: number;
  readonly channel: number;
  /** output, stderr, input: the bytes as they were; resize, channel, gap …: UTF-8 JSON. */
  readonly data: Uint8Array;
}

/** An entry to write; its data may come in pieces, which make one record. */
export type NewRecord = Omit<RecordEntry, 'data'> & { readonly data: Uint8Array | readonly Uint8Array[] };

export interface SealedChunk {
  readonly chunk: number;
  readonly offset: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly fromMilliseconds: number;
  readonly toMilliseconds: number;
}

/**
 * Writes one recording. `write` returns when the record is in the kernel (`strict`: on the disk), so that the caller
 * passes the bytes on only afterwards; it is on the disk at most 50 ms later. Errors are final: kind `unavailable`,
 * code `recording-failed`; the session ends when its duty is `required` or `strict`.
 */
export interface RecordingWriter {
  write(entry: NewRecord): void | Promise<void>;
  /** Number of records written so far: the place of the next one. */
  readonly records: number;
  /** Called for each full chunk, and for the last one by `close`. */
  onChunk(listener: (chunk: SealedChunk) => void): void;
  /** Called once when a write or sync fails. */
  onFailure(listener: (error: Error) => void): void;
  close(): Promise<void>;
}

/** A moment in milliseconds since the start, or what is written from now on. */
export type ReadingStart = number | 'end';

/** A sealed chunk as the recording itself tells of it. `last`: the recording is whole with it. */
export interface ChunkPlace extends Omit<SealedChunk, 'sha256'> {
  readonly firstRecord: number;
  readonly records: number;
  readonly last: boolean;
}

/** Records from a moment on, or from the record of that number on. */
export type WalkStart = { readonly milliseconds: number } | { readonly record: number };

/** A record and its number in the recording, from 0; of a gap the number of the record that comes next. */
export interface Walked {
  readonly number: number;
  readonly entry: RecordEntry;
}

export interface RecordingReader {
  /** When the session began, in milliseconds since 1970: what every `at` counts from. */
  startedAt(): Promise<number>;
  /** The chunks that are sealed by now, oldest first; those in `known` are not looked for again. */
  chunks(known?: readonly ChunkPlace[]): Promise<readonly ChunkPlace[]>;
  /** As `read`, begun where a list of the chunks says; with a signal as `follow`. */
  walk(from: WalkStart, chunks: readonly ChunkPlace[], signal?: AbortSignal): AsyncIterable<Walked>;
  /** Records from a moment on, in order, up to the last whole one; missing stretches are explicit `gap` records. */
  read(options: { readonly fromMilliseconds?: ReadingStart }): AsyncIterable<RecordEntry>;
  /** As `read`, then goes on with records as they are written, until the writer closes or the signal comes. */
  follow(signal: AbortSignal, options?: { readonly fromMilliseconds?: ReadingStart }): AsyncIterable<RecordEntry>;
  /** Compares chunk hashes with those that the log names; gives the first bad chunk, or null. */
  verify(chunks: readonly SealedChunk[]): Promise<number | null>;
}

export interface Recordings {
  create(sessionId: SessionId, startedAt: string, strict: boolean): Promise<RecordingWriter>;
  /** Null when the session has no recording. */
  open(sessionId: SessionId): Promise<RecordingReader | null>;
}
