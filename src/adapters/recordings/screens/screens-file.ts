import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { ChunkPlace } from '../../../application/ports/recordings.ts';
import type { ScreenState } from './channel-screen.ts';

/**
 * The screens of a recording, beside it (docs/protocols/recording.md, "Screens"):
 *
 *   file   = "SPSCR" 0 1 "\n", session uuid (16), salt (32), frame*, place of the last frame (8), its length (4)
 *   frame  = sealed text, tag (16); the last one is the table of the others
 */
const fileMagic = Buffer.from('SPSCR\0\x01\n', 'latin1');
const headerBytes = 56;
const tagBytes = 16;
const trailerBytes = 12;
/** Frames are much smaller; a length beyond this is damage. */
const maxFrameBytes = 64 << 20;

/** Where a screen stands: it shows all of its channel's records before `record`. */
export interface ScreenPlace {
  readonly channel: number;
  readonly record: number;
  readonly at: number;
  /** The channel ended there, or was given up: its later records are in no screen, unless it starts anew. */
  readonly ended: boolean;
  readonly offset: number;
  readonly length: number;
}

export interface ScreensTable {
  /** The last chunk that was looked at: a recording that does not have it is another one. */
  readonly chunk: ChunkPlace;
  /** Sorted by record. */
  readonly places: readonly ScreenPlace[];
}

export interface KeptScreens {
  readonly table: ScreensTable;
  state(place: ScreenPlace): Promise<ScreenState | null>;
}

/** Never again the same key, whatever becomes of the file: each salt makes its own, and frames count as nonces. */
function frameKey(key: KeyObject, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, 'sallyport screens 1', 32));
}

function nonceOf(offset: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(offset), 4);
  return nonce;
}

/** Writes a file of screens; under its name it stands only when it is whole. */
export class ScreensWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #key: Buffer;
  readonly #header: Buffer;
  readonly #places: ScreenPlace[] = [];
  #offset = headerBytes;

  private constructor(path: string, file: FileHandle, key: Buffer, header: Buffer) {
    this.#path = path;
    this.#file = file;
    this.#key = key;
    this.#header = header;
  }

  static async create(path: string, uuid: string, key: KeyObject): Promise<ScreensWriter> {
    await rm(`${path}.part`, { force: true });
    const file = await open(`${path}.part`, 'wx', 0o600);
    const salt = randomBytes(32);
    const header = Buffer.concat([fileMagic, Buffer.from(uuid.replaceAll('-', ''), 'hex'), salt]);
    await file.write(header, 0, headerBytes, 0);
    return new ScreensWriter(path, file, frameKey(key, salt), header);
  }

  async add(place: Omit<ScreenPlace, 'offset' | 'length'>, state: ScreenState): Promise<void> {
    const { channel, record, at, ended } = place;
    const { offset, length } = await this.#frame(state);
    this.#places.push({ channel, record, at, ended, offset, length });
  }

  async finish(chunk: ChunkPlace): Promise<void> {
    const table: ScreensTable = { chunk, places: this.#places };
    const { offset, length } = await this.#frame(table);
    const trailer = Buffer.alloc(trailerBytes);
    trailer.writeBigUInt64BE(BigInt(offset));
    trailer.writeUInt32BE(length, 8);
    await this.#file.write(trailer, 0, trailerBytes, this.#offset);
    await this.#file.datasync();
    await this.#file.close();
    await rename(`${this.#path}.part`, this.#path);
  }

  async abandon(): Promise<void> {
    await this.#file.close();
    await rm(`${this.#path}.part`, { force: true });
  }

  async #frame(value: unknown): Promise<{ readonly offset: number; readonly length: number }> {
    const offset = this.#offset;
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(offset)).setAAD(this.#header);
    const sealed = cipher.update(zstdCompressSync(JSON.stringify(value)));
    cipher.final();
    const frame = Buffer.concat([sealed, cipher.getAuthTag()]);
    await this.#file.write(frame, 0, frame.length, offset);
    this.#offset += frame.length;
    return { offset, length: frame.length };
  }
}

/** Null when there is none, or it is damaged or of another recording: then the screens are computed anew. */
export async function keptScreens(
  path: string,
  uuid: string,
  key: KeyObject,
  chunks: readonly ChunkPlace[],
): Promise<KeptScreens | null> {
  const read = async (offset: number, length: number): Promise<Buffer> => {
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  };
  try {
    const header = await read(0, headerBytes);
    const expected = Buffer.concat([fileMagic, Buffer.from(uuid.replaceAll('-', ''), 'hex')]);
    if (header.length !== headerBytes || !expected.equals(header.subarray(0, expected.length))) return null;
    const own = frameKey(key, header.subarray(expected.length));
    const frame = async (offset: number, length: number): Promise<unknown> => {
      if (length <= tagBytes || length > maxFrameBytes) throw new Error('no frame has this length');
      const bytes = await read(offset, length);
      const decipher = createDecipheriv('aes-256-gcm', own, nonceOf(offset), { authTagLength: tagBytes });
      decipher.setAAD(header).setAuthTag(bytes.subarray(-tagBytes));
      const packed = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]);
      return JSON.parse(zstdDecompressSync(packed, { maxOutputLength: maxFrameBytes }).toString('utf8'));
    };
    const trailer = await read(await endOf(path), trailerBytes);
    const table = (await frame(Number(trailer.readBigUInt64BE()), trailer.readUInt32BE(8))) as ScreensTable;
    const same = chunks.find(({ chunk }) => chunk === table.chunk.chunk);
    if (same?.offset !== table.chunk.offset || same.bytes !== table.chunk.bytes) return null;
    return {
      table,
      // What is sealed was written by us: a frame that opens is a state.
      state: (place) =>
        frame(place.offset, place.length).then(
          (state) => state as ScreenState,
          () => null,
        ),
    };
  } catch {
    return null;
  }
}

async function endOf(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    return (await file.stat()).size - trailerBytes;
  } finally {
    await file.close();
  }
}
