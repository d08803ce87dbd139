import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { recoveryCodes } from '../adapters/factors/recovery-codes.ts';
import { argon2Passwords } from '../adapters/passwords/argon2-passwords.ts';
import { fileRecordings } from '../adapters/recordings/file-recordings.ts';
import { fileReplays } from '../adapters/recordings/replay/file-replays.ts';
import { keyPairs } from '../adapters/ssh-keys/key-pairs.ts';
import { vaultLoginProofs, vaultTokenProofs } from '../adapters/tokens/token-proofs.ts';
import { openFileVault } from '../adapters/vault/file-vault.ts';
import { installationHmacKey, type InstallationKeys, installationKeys } from '../adapters/vault/installation-keys.ts';
import { loadMasterKey } from '../adapters/vault/master-key.ts';
import { hmacKeyChallenges } from '../adapters/vault/key-challenges.ts';
import { hmacNameKeys } from '../adapters/vault/name-keys.ts';
import { openPersonKeys } from '../adapters/vault/person-keys.ts';
import { aesSealing } from '../adapters/vault/sealing.ts';
import { ensureAuthority } from '../adapters/certificates/authority.ts';
import type { CheckpointSigner } from '../application/audit/checkpoint.ts';
import type { RecoveryCodes } from '../application/ports/factor-proofs.ts';
import type { KeyChallenges } from '../application/ports/key-challenges.ts';
import type { Passwords } from '../application/ports/passwords.ts';
import type { Recordings } from '../application/ports/recordings.ts';
import type { Sealing } from '../application/ports/sealing.ts';
import type { NameKeys } from '../application/ports/system.ts';
import type { LoginProofs, TokenProofs } from '../application/ports/token-proofs.ts';
import type { PersonKeys, Vault } from '../application/ports/vault.ts';
import type { SallyportError } from '../domain/kernel/errors.ts';

/** Everything that rests on the master key. */
export interface Custody {
  readonly vault: Vault;
  readonly keys: InstallationKeys;
  readonly personKeys: PersonKeys;
  readonly nameKeys: NameKeys;
  readonly keyChallenges: KeyChallenges;
  readonly sealing: Sealing;
  readonly proofs: TokenProofs;
  readonly loginProofs: LoginProofs;
  readonly recoveryCodes: RecoveryCodes;
  readonly passwords: Passwords;
  readonly recordings: Recordings;
  readonly replays: ReturnType<typeof fileReplays>;
  readonly signer: CheckpointSigner;
}

/**
 * Opens the custody of a data folder; the first start makes its keys. Errors keep the process from starting.
 * `onReplayProblem`: what went wrong inside while a recording was looked at.
 */
export async function openCustody(
  dataFolder: string,
  givenMasterKey: string | undefined,
  onReplayProblem: (error: SallyportError) => void,
): Promise<Custody> {
  const master = loadMasterKey(dataFolder, givenMasterKey);
  const vault = openFileVault(dataFolder, master);
  const keys = installationKeys(vault);
  const installationKey = await installationHmacKey(keys);
  const nameKeys = hmacNameKeys(installationKey);
  return {
    vault,
    keys,
    personKeys: openPersonKeys(dataFolder, master),
    nameKeys,
    keyChallenges: hmacKeyChallenges(installationKey),
    sealing: aesSealing(installationKey),
    proofs: vaultTokenProofs(vault, installationKey, nameKeys),
    loginProofs: vaultLoginProofs(vault, installationKey),
    recoveryCodes: recoveryCodes(installationKey),
    passwords: argon2Passwords(),
    recordings: fileRecordings(dataFolder, vault),
    replays: fileReplays(dataFolder, vault, onReplayProblem),
    signer: await checkpointSigner(keys),
  };
}

export function logFolder(dataFolder: string): string {
  return join(dataFolder, 'log');
}

async function checkpointSigner(keys: InstallationKeys): Promise<CheckpointSigner> {
  const pem = await keys.sealedKey('checkpoints', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  });
  const privateKey = createPrivateKey(Buffer.from(pem).toString('utf8'));
  return { privateKey, publicKey: createPublicKey(privateKey), origin: 'sallyport' };
}

/** The CA of this installation; its private key stays sealed. */
export function openAuthority(dataFolder: string, { vault }: Custody): ReturnType<typeof ensureAuthority> {
  const id = 'key/ca';
  const sealedKey = {
    load: async (): Promise<string | null> => {
      const ids = await vault.list(id);
      return ids.includes(id) ? Buffer.from(await vault.open(id)).toString('utf8') : null;
    },
    store: (pem: string): Promise<void> => vault.put(id, Buffer.from(pem)),
  };
  return ensureAuthority({ sealedKey, folder: dataFolder, now: new Date() });
}

/** Host keys of the SSH proxy, one of each type that clients may ask for. */
export async function sshHostKeys({
  keys,
}: Custody): Promise<readonly { readonly privateKey: string; readonly publicKey: string }[]> {
  const algorithms = ['ed25519', 'rsa'] as const;
  return Promise.all(
    algorithms.map(async (algorithm) => {
      const made = await keyPairs.generate(algorithm);
      const kept = await keys.sealedKey(`ssh-host-${algorithm}`, () => Buffer.from(JSON.stringify(made)));
      return JSON.parse(Buffer.from(kept).toString('utf8')) as { privateKey: string; publicKey: string };
    }),
  );
}

/** The public half of the checkpoint key, for `audit verify` and for keeping elsewhere. */
export function publicKeyPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
