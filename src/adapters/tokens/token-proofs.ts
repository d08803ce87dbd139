import type { LoginProofs, TokenProofs, TokenProofSubject } from '../../application/ports/token-proofs.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { isStreamIdOf, type LoginId } from '../../domain/kernel/ids.ts';
import { proofStore } from './proof-store.ts';

/** Proofs of temporary tokens in custody. `installationKey` is the HMAC key of the installation. */
export function vaultTokenProofs(vault: Vault, installationKey: Uint8Array): TokenProofs {
  const proofs = proofStore<TokenProofSubject>(vault, installationKey, 'token', 'spt_');
  return {
    issue: async (subject) => ({ secret: await proofs.issue(subject.tokenId, subject) }),
    async verify(transcript) {
      const id = await proofs.verify(transcript.secret);
      return id !== null && isStreamIdOf('token', id) ? id : null;
    },
    drop: async (tokenId) => proofs.drop(tokenId),
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
