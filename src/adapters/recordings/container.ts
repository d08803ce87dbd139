import type { RecordEntry, RecordKind } from '../../application/ports/recordings.ts';

/**
 * The layout of a recording file, docs/protocols/recording.md. All numbers are unsigned and big-endian.
 *
 *   file   = header frame*
 *   header = "SPREC" 0 1 "\n", session uuid (16), start in ms since 1970 (8)
 *   frame  = magic (4), number (8), length of the sealed text (4), sealed text, tag (16)
 */
const fileMagic = Buffer.from('SPREC\0\x01\n', 'latin1');
export const fileHeaderBytes = 32;
export const frameHeaderBytes = 16;
export const tagBytes = 16;
const recordHeaderBytes = 12;
export const sealBytes = 80;
export const sealFrameBytes = frameHeaderBytes + sealBytes + tagBytes;

/** No record of more data than this; longer output and input is written as several records. */
export const maxRecordBytes = 1 << 20;
export const maxSealedBytes = maxRecordBytes + recordHeaderBytes;
/** A chunk is sealed when it has grown to this, or by the clock. */
export const chunkBytes = 8 << 20;
/** The most that can lie behind the last seal of a file: a chunk that one more record made full, not yet sealed. */
export const maxChunkBytes = chunkBytes + frameHeaderBytes + maxSealedBytes + tagBytes + sealFrameBytes;

/** `SPRD`: one record. `SPRS`: the seal that ends a chunk. */
export const frameMagic = { record: 0x53505244, seal: 0x53505253 } as const;

/** How the data of a record is written. */
const form = { plain: 0, packed: 1 } as const;

// The place in this list is the number in the file: only ever append.
const kinds: readonly RecordKind[] = [
  'output',
  'input',
  'resize',
  'statement',
  'file',
  'frame',
  'gap',
  'channel',
  'hidden',
  'stderr',
];

/** What a seal says of its chunk. `offset` and `bytes` include the seal itself; chunk 0 begins with the file header. */
export interface ChunkSeal {
  readonly chunk: number;
  /** True on the seal that `close` writes: the recording is whole. */
  readonly last: boolean;
  readonly offset: number;
  readonly bytes: number;
  readonly fromMilliseconds: number;
  readonly toMilliseconds: number;
  readonly firstRecord: number;
  readonly records: number;
  /** SHA-256 of the chunk before; 32 zero bytes for chunk 0. */
  readonly previous: Uint8Array;
}

export function encodeFileHeader(uuid: string, startedAt: string): Buffer {
  const header = Buffer.alloc(fileHeaderBytes);
  fileMagic.copy(header);
  header.write(uuid.replaceAll('-', ''), 8, 'hex');
  header.writeBigUInt64BE(BigInt(Date.parse(startedAt)), 24);
  return header;
}

/** True when these bytes begin a recording of that session. */
export function isHeaderOf(uuid: string, header: Uint8Array): boolean {
  const expected = Buffer.concat([fileMagic, Buffer.from(uuid.replaceAll('-', ''), 'hex')]);
  return header.length === fileHeaderBytes && expected.equals(header.subarray(0, expected.length));
}

/** Start of the session in milliseconds since 1970. */
export function startOf(header: Buffer): number {
  return Number(header.readBigUInt64BE(24));
}

export function encodeRecordHeader(entry: Pick<RecordEntry, 'kind' | 'at' | 'channel'>, packed = false): Buffer {
  const header = Buffer.alloc(recordHeaderBytes);
  header.writeUInt8(kinds.indexOf(entry.kind), 0);
  header.writeUInt8(packed ? form.packed : form.plain, 1);
  header.writeUIntBE(entry.at, 2, 6);
  header.writeUInt32BE(entry.channel, 8);
  return header;
}

/** A record whose data may still be packed. */
export interface ReadRecord {
  readonly entry: RecordEntry;
  readonly packed: boolean;
}

/** Undefined when a newer version wrote a kind or a form that this one does not know. */
export function decodeRecord(plain: Buffer): ReadRecord | undefined {
  if (plain.length < recordHeaderBytes) return undefined;
  const kind = kinds[plain.readUInt8(0)];
  const written = plain.readUInt8(1);
  if (kind === undefined || (written !== form.plain && written !== form.packed)) return undefined;
  const [at, channel, data] = [plain.readUIntBE(2, 6), plain.readUInt32BE(8), plain.subarray(recordHeaderBytes)];
  return { entry: { kind, at, channel, data }, packed: written === form.packed };
}

export function encodeSeal(seal: ChunkSeal): Buffer {
  const plain = Buffer.alloc(sealBytes);
  plain.writeUInt32BE(seal.chunk, 0);
  plain.writeUInt8(seal.last ? 1 : 0, 4);
  plain.writeUIntBE(seal.fromMilliseconds, 8, 6);
  plain.writeUIntBE(seal.toMilliseconds, 14, 6);
  plain.writeUInt32BE(seal.bytes, 20);
  plain.writeBigUInt64BE(BigInt(seal.offset), 24);
  plain.writeBigUInt64BE(BigInt(seal.firstRecord), 32);
  plain.writeBigUInt64BE(BigInt(seal.records), 40);
  plain.set(seal.previous, 48);
  return plain;
}

export function decodeSeal(plain: Buffer): ChunkSeal | undefined {
  if (plain.length !== sealBytes) return undefined;
  return {
    chunk: plain.readUInt32BE(0),
    last: plain.readUInt8(4) === 1,
    fromMilliseconds: plain.readUIntBE(8, 6),
    toMilliseconds: plain.readUIntBE(14, 6),
    bytes: plain.readUInt32BE(20),
    offset: Number(plain.readBigUInt64BE(24)),
    firstRecord: Number(plain.readBigUInt64BE(32)),
    records: Number(plain.readBigUInt64BE(40)),
    previous: plain.subarray(48),
  };
}
