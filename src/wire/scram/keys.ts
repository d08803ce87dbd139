import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

/** Length of every SCRAM-SHA-256 key, signature and proof, in bytes. */
export const keyBytes = 32;

/** What is derived from a password (RFC 5802, section 3). Who holds the client key can log in; who holds the others can only check. */
export interface ScramKeys {
  readonly clientKey: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** SaltedPassword and its keys, in the thread pool: the time grows with `iterations`, about a millisecond for 2000. */
export async function scramKeys(password: Uint8Array, salt: Uint8Array, iterations: number): Promise<ScramKeys> {
  const saltedPassword = await derive(password, salt, iterations, keyBytes, 'sha256');
  const clientKey = hmac(saltedPassword, 'Client Key');
  const serverKey = hmac(saltedPassword, 'Server Key');
  saltedPassword.fill(0);
  return { clientKey, storedKey: hash(clientKey), serverKey };
}

/** ClientProof := ClientKey XOR ClientSignature (RFC 5802, section 3). */
export function clientProof({ clientKey, storedKey }: ScramKeys, authMessage: string): Buffer {
  return xor(clientKey, hmac(storedKey, authMessage));
}

/** Whether a proof was made with the client key that belongs to `storedKey`; in constant time for proofs of 32 bytes. */
export function provesClient(storedKey: Uint8Array, authMessage: string, proof: Uint8Array): boolean {
  if (proof.length !== keyBytes || storedKey.length !== keyBytes) return false;
  return timingSafeEqual(hash(xor(proof, hmac(storedKey, authMessage))), storedKey);
}

/** ServerSignature := HMAC(ServerKey, AuthMessage). */
export function serverSignature(serverKey: Uint8Array, authMessage: string): Buffer {
  return hmac(serverKey, authMessage);
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

function hash(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function xor(one: Uint8Array, other: Uint8Array): Buffer {
  return Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)));
}
