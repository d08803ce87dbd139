import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import type { RecordEntry } from '../../application/ports/recordings.ts';
import {
  type ChunkSeal,
  decodeRecord,
  decodeSeal,
  fileHeaderBytes,
  frameHeaderBytes,
  frameMagic,
  maxSealedBytes,
  type ReadRecord,
  sealBytes,
  tagBytes,
} from './container.ts';
import { unpack } from './packing.ts';

/** Seals the frames of one recording; the pieces of a frame are given to the kernel as they are, without a copy. */
export interface FrameSealer {
  seal(magic: number, number: number, body: readonly Uint8Array[]): readonly Uint8Array[];
}

/**
 * AES-256-GCM. The nonce is magic and number of the frame, so that none comes twice under the key of a session; file
 * header and frame header are additional data, so that no frame fits into another place or file.
 */
export function frameSealer(key: KeyObject, fileHeader: Uint8Array): FrameSealer {
  const additional = Buffer.alloc(fileHeaderBytes + frameHeaderBytes);
  additional.set(fileHeader);
  return {
    seal(magic, number, body) {
      additional.writeUInt32BE(magic, fileHeaderBytes);
      additional.writeUIntBE(number, fileHeaderBytes + 6, 6);
      const length = body.reduce((sum, piece) => sum + piece.length, 0);
      additional.writeUInt32BE(length, fileHeaderBytes + 12);
      const frameHeader = Buffer.from(additional.subarray(fileHeaderBytes));
      const cipher = createCipheriv('aes-256-gcm', key, frameHeader.subarray(0, 12)).setAAD(additional);
      const pieces: Uint8Array[] = [frameHeader, ...body.map((piece) => cipher.update(piece))];
      cipher.final();
      pieces.push(cipher.getAuthTag());
      return pieces;
    },
  };
}

export type Frame =
  | { readonly kind: 'record'; readonly number: number; readonly entry: RecordEntry | undefined; readonly size: number }
  | { readonly kind: 'seal'; readonly seal: ChunkSeal; readonly size: number };

/** `short`: the bytes end before the frame does; `need` is how many it takes to go on. */
export type FrameResult = Frame | { readonly kind: 'short'; readonly need: number } | { readonly kind: 'damaged' };

const damaged = { kind: 'damaged' } as const;

/** Opens the frame at the beginning of `bytes`. Never throws: what is no frame of this file is `damaged`. */
export function openFrame(key: KeyObject, fileHeader: Uint8Array, bytes: Buffer): FrameResult {
  if (bytes.length < frameHeaderBytes) return { kind: 'short', need: frameHeaderBytes };
  const magic = bytes.readUInt32BE(0);
  const length = bytes.readUInt32BE(12);
  const isSeal = magic === frameMagic.seal;
  if (!isSeal && magic !== frameMagic.record) return damaged;
  if (bytes.readUInt16BE(4) !== 0 || length > maxSealedBytes || (isSeal && length !== sealBytes)) return damaged;
  const size = frameHeaderBytes + length + tagBytes;
  if (bytes.length < size) return { kind: 'short', need: size };
  const plain = decrypt(key, fileHeader, bytes.subarray(0, size));
  if (plain === undefined) return damaged;
  if (!isSeal) return recordOf(bytes.readUIntBE(6, 6), decodeRecord(plain), size);
  const seal = decodeSeal(plain);
  return seal === undefined ? damaged : { kind: 'seal', seal, size };
}

function recordOf(number: number, record: ReadRecord | undefined, size: number): FrameResult {
  if (record?.packed !== true) return { kind: 'record', number, entry: record?.entry, size };
  const data = unpack(record.entry.data);
  return data === undefined ? damaged : { kind: 'record', number, entry: { ...record.entry, data }, size };
}

function decrypt(key: KeyObject, fileHeader: Uint8Array, frame: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, frame.subarray(0, 12), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.concat([fileHeader, frame.subarray(0, frameHeaderBytes)]));
  decipher.setAuthTag(frame.subarray(frame.length - tagBytes));
  const plain = decipher.update(frame.subarray(frameHeaderBytes, frame.length - tagBytes));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}
