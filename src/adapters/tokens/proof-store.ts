import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Vault } from '../../application/ports/vault.ts';
import { openIfThere, putOnce } from './records.ts';
import { drawSecret, isWellFormed, type SecretPrefix } from './secret-text.ts';

/** What is sealed under an id. */
interface Proof<S> {
  readonly subject: S;
  readonly verifiers: { readonly plain: string };
}

export interface ProofStore<S> {
  /** Draws a secret for `id` and stores its proof durably. */
  issue(id: string, subject: S): Promise<string>;
  verify(secret: string): Promise<string | null>;
  /** What was issued under `id`; null when it was dropped. */
  subject(id: string): Promise<S | null>;
  drop(id: string): Promise<void>;
  list(): Promise<readonly { readonly id: string; readonly subject: S }[]>;
}

/**
 * Proofs of secrets in custody, two records each: `<kind>-proof/<id>` with the verifiers, and `<kind>-lookup/<digest>`
 * with the id. The digest is an HMAC of the whole secret under the installation key: whoever reads the folder can
 * neither turn it into a secret nor try guesses against it. The proof is stored first and dropped last, so that a crash
 * leaves a proof that `list` shows and no secret finds, never one that opens and nobody sees.
 */
export function proofStore<S>(
  vault: Vault,
  installationKey: Uint8Array,
  kind: string,
  prefix: SecretPrefix,
): ProofStore<S> {
  const proofId = (id: string): string => `${kind}-proof/${id}`;
  const lookupId = (digest: string): string => `${kind}-lookup/${digest}`;
  const digestOf = (secret: string): string =>
    createHmac('sha256', installationKey).update(`${kind} secret\0`).update(secret, 'utf8').digest('hex');
  const nobody = digestOf('');
  let decoy: Promise<void> | undefined;

  const open = (recordId: string): Promise<Uint8Array | undefined> => openIfThere(vault, recordId);
  const proofOf = async (id: string): Promise<Proof<S> | undefined> => {
    const bytes = await open(proofId(id));
    return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as Proof<S>);
  };
  const store = async (id: string, digest: string, subject: S): Promise<void> => {
    const proof: Proof<S> = { subject, verifiers: { plain: digest } };
    await vault.put(proofId(id), Buffer.from(JSON.stringify(proof), 'utf8'));
    await vault.put(lookupId(digest), Buffer.from(id, 'utf8'));
  };
  // What is opened when a secret finds nothing: the same two records to read, under an id that no caller has.
  const makeDecoy = async (): Promise<void> => {
    await putOnce(vault, proofId(nobody), JSON.stringify({ verifiers: { plain: nobody } }));
    await putOnce(vault, lookupId(nobody), nobody);
  };

  return {
    async issue(id, subject) {
      const secret = drawSecret(prefix);
      await store(id, digestOf(secret), subject);
      return secret;
    },
    async verify(secret) {
      decoy ??= makeDecoy();
      try {
        await decoy;
      } catch (error) {
        decoy = undefined;
        throw error;
      }
      const digest = digestOf(secret);
      const found = await open(lookupId(digest));
      const id = Buffer.from(found ?? (await open(lookupId(nobody))) ?? []).toString('utf8');
      const proof = await proofOf(id);
      const same = timingSafeEqual(Buffer.from(digest), Buffer.from(proof?.verifiers.plain ?? nobody));
      return isWellFormed(prefix, secret) && found !== undefined && same ? id : null;
    },
    subject: async (id) => (await proofOf(id))?.subject ?? null,
    async drop(id) {
      const proof = await proofOf(id);
      if (proof === undefined) return;
      await vault.destroy(lookupId(proof.verifiers.plain));
      await vault.destroy(proofId(id));
    },
    async list() {
      const found: { id: string; subject: S }[] = [];
      for (const recordId of await vault.list(proofId(''))) {
        const id = recordId.slice(proofId('').length);
        const proof = id === nobody ? undefined : await proofOf(id);
        if (proof !== undefined) found.push({ id, subject: proof.subject });
      }
      return found;
    },
  };
}
