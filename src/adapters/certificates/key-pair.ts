import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** A new RSA key from node:crypto; node-forge makes none. */
export async function newKeyPair(modulusLength: 2048 | 3072): Promise<KeyPair> {
  return generate('rsa', { modulusLength, publicExponent: 0x10001 });
}

export function keyPairFrom(privatePem: string): KeyPair {
  const privateKey = createPrivateKey(privatePem);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

export function privatePemOf(keys: KeyPair): string {
  return keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
