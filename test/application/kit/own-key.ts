import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { publicBlobOf, publicLine } from '../../../src/adapters/ssh-keys/public-blob.ts';
import { publicKeys } from '../../../src/adapters/ssh-keys/public-keys.ts';
import { sshString } from '../../../src/adapters/ssh-keys/ssh-encoding.ts';
import { type KeyTools, registerPublicKey } from '../../../src/application/commands/keys.ts';
import type { RegisteredKey, Viewer } from '../../../src/application/ports/application-face.ts';
import type { ProofTranscript } from '../../../src/application/ports/token-proofs.ts';
import type { House } from './house.ts';

/** A key of somebody's own. */
export interface OwnKey {
  /** The blob, as SSH sends it. */
  readonly blob: Buffer;
  /** As in a .pub file. */
  readonly line: string;
  /** What a client shows at the SSH door. */
  sign(over?: Partial<Extract<ProofTranscript, { mechanism: 'publickey' }>>): ProofTranscript;
}

export function ownKey(comment = 'alice@laptop'): OwnKey {
  const { privateKey }: { readonly privateKey: KeyObject } = generateKeyPairSync('ed25519');
  const blob = publicBlobOf(privateKey) ?? Buffer.alloc(0);
  const signed = Buffer.from('session, name and key');
  const signature = Buffer.concat([sshString('ssh-ed25519'), sshString(sign(null, signed, privateKey))]);
  return {
    blob,
    line: `${publicLine(blob)} ${comment}`,
    sign: (over = {}) => ({ mechanism: 'publickey', algorithm: 'ssh-ed25519', key: blob, signed, signature, ...over }),
  };
}

export function keyToolsOf({ node }: House): KeyTools {
  return { tools: node.tools, nameKeys: node.custody.nameKeys, publicKeys, views: node.views };
}

/** Registers a key that must be taken. */
export async function registered(
  house: House,
  key: OwnKey,
  viewer: Viewer = house.viewer(),
  ttlSeconds = 3_600,
): Promise<RegisteredKey> {
  const result = await registerPublicKey(keyToolsOf(house), viewer, { publicKey: key.line, ttlSeconds });
  if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('; '));
  return result.key;
}
