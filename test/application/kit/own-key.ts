import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { publicBlobOf, publicLine } from '../../../src/adapters/ssh-keys/public-blob.ts';
import { publicKeys } from '../../../src/adapters/ssh-keys/public-keys.ts';
import { sshString } from '../../../src/adapters/ssh-keys/ssh-encoding.ts';
import { challengePublicKey, type KeyTools, registerPublicKey } from '../../../src/application/commands/keys.ts';
import type {
  KeyChallengeShown,
  KeyProof,
  RegisteredKey,
  Viewer,
} from '../../../src/application/ports/application-face.ts';
import type { ProofTranscript } from '../../../src/application/ports/token-proofs.ts';
import type { House } from './house.ts';

/** A key of somebody's own. */
export interface OwnKey {
  /** The blob, as SSH sends it. */
  readonly blob: Buffer;
  /** As in a .pub file. */
  readonly line: string;
  /** What `ssh-keygen -Y sign` makes of a challenge (PROTOCOL.sshsig). */
  signFile(challenge: Pick<KeyChallengeShown, 'text' | 'namespace'>): string;
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
    signFile: ({ text, namespace }) => {
      const head = Buffer.from('SSHSIG');
      const digest = createHash('sha512').update(text).digest();
      const over = Buffer.concat([head, ...[namespace, '', 'sha512', digest].map(sshString)]);
      const made = Buffer.concat([sshString('ssh-ed25519'), sshString(sign(null, over, privateKey))]);
      const file = [head, Buffer.of(0, 0, 0, 1), ...[blob, namespace, '', 'sha512', made].map(sshString)];
      const lines =
        Buffer.concat(file)
          .toString('base64')
          .match(/.{1,70}/g) ?? [];
      return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----', ''].join('\n');
    },
    sign: (over = {}) => ({ mechanism: 'publickey', algorithm: 'ssh-ed25519', key: blob, signed, signature, ...over }),
  };
}

export function keyToolsOf({ node }: House): KeyTools {
  const { nameKeys, keyChallenges } = node.custody;
  return { tools: node.tools, nameKeys, keyChallenges, publicKeys, views: node.views, zone: 'UTC' };
}

/** A proof by this key, as this login gets it. */
export async function proofOf(house: House, key: Pick<OwnKey, 'line' | 'signFile'>, viewer: Viewer): Promise<KeyProof> {
  const asked = await challengePublicKey(keyToolsOf(house), viewer, key.line);
  if (!asked.ok) throw new Error(asked.errors.map(({ message }) => message).join('; '));
  return { challenge: asked.challenge.text, signature: key.signFile(asked.challenge) };
}

/** Registers a key that must be taken. */
export async function registered(
  house: House,
  key: OwnKey,
  viewer: Viewer = house.viewer(),
  ttlSeconds = 3_600,
): Promise<RegisteredKey> {
  const result = await registerPublicKey(keyToolsOf(house), viewer, {
    publicKey: key.line,
    proof: await proofOf(house, key, viewer),
    ttlSeconds,
    freshFactor: null,
  });
  if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('; '));
  return result.key;
}
