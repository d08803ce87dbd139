import { ProtocolError } from '../../../domain/kernel/errors.ts';
import { Reader } from './wire.ts';

/** SSH_MSG_USERAUTH_REQUEST by public key (RFC 4252 section 7). */
export interface PublicKeyRequest {
  readonly algorithm: string;
  readonly key: Buffer;
  /** Null: the key is only offered. */
  readonly signature: Buffer | null;
  /** What has to be signed after the session identifier: this request up to its signature, byte for byte. */
  readonly signedPart: Buffer;
}

/** A copy of the request in a payload of message 50; null for another method. Errors: `ProtocolError` when it is cut or too long. */
export function decodePublicKeyRequest(payload: Buffer): PublicKeyRequest | null {
  const read = new Reader(payload, 1);
  // User name and service, which ssh2 reads.
  read.string();
  read.string();
  if (read.latin1() !== 'publickey') return null;
  const isSigned = read.boolean();
  const algorithm = read.latin1();
  const key = Buffer.from(read.string());
  const afterKey = read.rest();
  const signedPart = Buffer.from(payload.subarray(0, payload.length - afterKey.length));
  if (!isSigned && afterKey.length === 0) return { algorithm, key, signature: null, signedPart };
  const last = new Reader(afterKey);
  const signature = Buffer.from(last.string());
  if (!isSigned || last.rest().length > 0)
    throw new ProtocolError('surplus', payload.length, 'a public key request goes on after its end');
  return { algorithm, key, signature, signedPart };
}
