import { createHmac } from 'node:crypto';
import type { NameKeys } from '../../application/ports/system.ts';
import type {
  LoginProofs,
  ProvenToken,
  ScramParameters,
  TokenProofs,
  TokenProofSubject,
} from '../../application/ports/token-proofs.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { isStreamIdOf, type LoginId } from '../../domain/kernel/ids.ts';
import { scramKeys } from '../../wire/scram/keys.ts';
import { proofStore } from './proof-store.ts';
import { UserSlots } from './user-slots.ts';

/** What RFC 7677, section 4, asks for at the least. More protects guessable passwords; a token can't be guessed. */
const iterations = 4096;
const saltBytes = 16;

/** Kind under which login names have their keys. */
const userKind = 'user';

/** `nameKey` tells `drop` where the verifiers by user are; tokens from before these have none. */
type StoredSubject = TokenProofSubject & { readonly nameKey?: string };

/** Proofs of temporary tokens in custody. `installationKey` is the HMAC key of the installation. */
export function vaultTokenProofs(vault: Vault, installationKey: Uint8Array, nameKeys: NameKeys): TokenProofs {
  const proofs = proofStore<StoredSubject>(vault, installationKey, 'token', 'spt_');
  const slots = new UserSlots(vault);
  const parametersOf = (nameKey: string): ScramParameters => ({
    salt: createHmac('sha256', installationKey).update(`scram salt\0${nameKey}`).digest().subarray(0, saltBytes),
    iterations,
  });
  const proven = (id: string | undefined, serverSignature: Uint8Array | null): ProvenToken | null =>
    id !== undefined && isStreamIdOf('token', id) ? { tokenId: id, serverSignature } : null;
  // The slot comes first, so that nothing of a token proves it once `list` no longer shows it.
  const drop = async (tokenId: string): Promise<void> => {
    const nameKey = (await proofs.subject(tokenId))?.nameKey;
    if (nameKey !== undefined) await slots.release(nameKey, tokenId);
    await proofs.drop(tokenId);
  };

  return {
    async issue(subject, userName, at) {
      const { tokenId, expiresAt } = subject;
      const nameKey = nameKeys.nameKey(userKind, userName);
      const secret = await proofs.issue(tokenId, { ...subject, nameKey });
      const { salt } = parametersOf(nameKey);
      const { storedKey, serverKey } = await scramKeys(Buffer.from(secret, 'utf8'), salt, iterations);
      const scram = { storedKey: storedKey.toString('base64'), serverKey: serverKey.toString('base64') };
      try {
        await slots.take(nameKey, { tokenId, expiresAt, verifiers: { scram } }, at);
      } catch (error) {
        await drop(tokenId);
        throw error;
      }
      return { secret };
    },
    scramParameters: async (userName) => parametersOf(nameKeys.nameKey(userKind, userName)),
    async verify(transcript) {
      if (transcript.mechanism === 'plain') return proven((await proofs.verify(transcript.secret)) ?? undefined, null);
      const found = await slots.verifyScram(nameKeys.nameKey(userKind, transcript.userName), transcript);
      return proven(found?.id, found?.serverSignature ?? null);
    },
    drop,
    list: async () =>
      (await proofs.list()).map(({ subject }) => ({ tokenId: subject.tokenId, expiresAt: subject.expiresAt })),
  };
}

/** Proofs of web logins: the bearers of the command line and of browsers' cookies. */
export function vaultLoginProofs(vault: Vault, installationKey: Uint8Array): LoginProofs {
  const proofs = proofStore<{ readonly loginId: LoginId; readonly expiresAt: string }>(
    vault,
    installationKey,
    'login',
    'spl_',
  );
  return {
    issue: async (loginId, expiresAt) => ({ secret: await proofs.issue(loginId, { loginId, expiresAt }) }),
    async verify(secret) {
      const id = await proofs.verify(secret);
      return id !== null && isStreamIdOf('login', id) ? id : null;
    },
    drop: async (loginId) => proofs.drop(loginId),
    list: async () => (await proofs.list()).map(({ subject }) => subject),
  };
}
