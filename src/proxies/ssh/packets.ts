import { randomFillSync } from 'node:crypto';

/** What ssh2's ciphers have in common; docs/decisions/0050. */
export interface PacketCipher {
  allocPacket(payloadLength: number): Buffer;
  encrypt(packet: Buffer): void;
}

/** ssh2's compiled AEAD ciphers and their block lengths: the length field is not encrypted with the rest. */
const blockLengths: Readonly<Record<string, number>> = { AESGCMCipherBinding: 16, ChaChaPolyCipherBinding: 8 };
const tagLength = 16;
const shortestPadding = 4;

/** Packets of at least so many bytes are cut from slabs, so that bulk data makes fewer buffers for the collector. */
const large = 8 * 1024;
const slabBytes = 256 * 1024;
let slab = Buffer.alloc(0);
let slabUsed = 0;

/** Random bytes for padding (RFC 4253 section 6); drawn ahead, since each draw costs more than a packet's worth of them. */
const pool = Buffer.allocUnsafeSlow(16 * 1024);
let poolUsed = pool.length;

/** An unencrypted packet whose payload, from offset 5 on, is still to be filled in. */
export function allocPacket(cipher: PacketCipher, payloadLength: number): Buffer {
  const block = blockLengths[cipher.constructor.name];
  if (block === undefined) return cipher.allocPacket(payloadLength);
  let padding = block - ((payloadLength + 1) % block);
  if (padding < shortestPadding) padding += block;
  const length = 1 + payloadLength + padding;
  const packet = bytes(4 + length + tagLength);
  packet.writeUInt32BE(length, 0);
  packet[4] = padding;
  pad(packet, 5 + payloadLength, padding);
  return packet;
}

function bytes(length: number): Buffer {
  if (length < large) return Buffer.allocUnsafe(length);
  if (slab.length - slabUsed < length) {
    slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, length));
    slabUsed = 0;
  }
  slabUsed += length;
  return slab.subarray(slabUsed - length, slabUsed);
}

function pad(packet: Buffer, at: number, length: number): void {
  if (pool.length - poolUsed < length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  pool.copy(packet, at, poolUsed, poolUsed + length);
  poolUsed += length;
}
