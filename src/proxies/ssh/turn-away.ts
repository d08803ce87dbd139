import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { encode } from './codec/messages.ts';
import { disconnectReason } from './transport.ts';

/** Until a client that does not leave is made to, in milliseconds. */
const lingerMilliseconds = 1_000;
const blockLength = 8;

/**
 * SSH_MSG_DISCONNECT to a client that nothing else is done for, before any key exchange: clients show its text (RFC 4253
 * sections 4.2, 6 and 11.1).
 */
export function turnAway(socket: Socket, identification: string, text: string): void {
  const message = packet(encode.disconnect(disconnectReason.byApplication, text));
  socket.end(Buffer.concat([Buffer.from(`SSH-2.0-${identification}\r\n`), message]));
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), lingerMilliseconds);
  socket.once('close', () => clearTimeout(timer));
}

/** The binary packet of a connection that is not encrypted yet (RFC 4253 section 6). */
function packet(payload: Buffer): Buffer {
  const head = 5;
  const padding = blockLength + 4 - ((head + payload.length + 4) % blockLength);
  const length = Buffer.alloc(head);
  length.writeUInt32BE(1 + payload.length + padding, 0);
  length.writeUInt8(padding, 4);
  return Buffer.concat([length, payload, randomBytes(padding)]);
}
