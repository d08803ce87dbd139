import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import { fileRecordings } from '../../../src/adapters/recordings/file-recordings.ts';
import { uuidV7Ids } from '../../../src/adapters/system/ids.ts';
import { openFileVault } from '../../../src/adapters/vault/file-vault.ts';
import { loadMasterKey } from '../../../src/adapters/vault/master-key.ts';
import type { RecordEntry, RecordingWriter, SealedChunk } from '../../../src/application/ports/recordings.ts';
import { type SessionId, streamId } from '../../../src/domain/kernel/ids.ts';
import { tempDir } from '../../kit/temp-dir.ts';

export const startedAt = '2026-01-02T03:04:05.678Z';
const ids = uuidV7Ids();

/** Real recordings over a real vault in `data`. */
export function recordingsIn(data: string) {
  return fileRecordings(data, vaultIn(data));
}

export function vaultIn(data: string) {
  return openFileVault(data, loadMasterKey(data));
}

export function newSession(): SessionId {
  return streamId('session', ids.uuid());
}

export function fileOf(data: string, session: SessionId): string {
  return join(data, 'recordings', `${session.slice('session-'.length)}.rec`);
}

export function output(at: number, text: string | Uint8Array, channel = 0): RecordEntry {
  return { kind: 'output', at, channel, data: typeof text === 'string' ? Buffer.from(text, 'utf8') : text };
}

export async function begin(data = tempDir(), strict = false) {
  const recordings = recordingsIn(data);
  const session = newSession();
  const writer = await recordings.create(session, startedAt, strict);
  const chunks: SealedChunk[] = [];
  writer.onChunk((chunk) => chunks.push(chunk));
  const reader = async () => (await recordings.open(session))!;
  return { data, recordings, session, writer, chunks, reader, path: fileOf(data, session) };
}

export async function writeAll(writer: RecordingWriter, entries: readonly RecordEntry[]): Promise<void> {
  for (const entry of entries) await writer.write(entry);
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** A record as it is easy to compare: data as text, JSON of a gap opened. */
export function shown(entry: RecordEntry): unknown {
  const text = Buffer.from(entry.data).toString('utf8');
  return { ...entry, data: entry.kind === 'gap' ? (JSON.parse(text) as unknown) : text };
}

export function seeded(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let at = 0; at < size; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

export const someKey = createSecretKey(Buffer.alloc(32, 5));
