import { randomBytes } from 'node:crypto';
import { inTurnOf } from '../../application/in-turn.ts';
import type { ScramProof } from '../../application/ports/token-proofs.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { hasReached } from '../../domain/kernel/time.ts';
import { keyBytes, provesClient, serverSignature } from '../../wire/scram/keys.ts';
import { openIfThere, putOnce } from './records.ts';

/** More than a person may have live tokens, since those that have ended stay until they are swept. */
const slotsOfUser = 16;

/** Keys of one token (RFC 5802, section 3), in base64. */
interface ScramVerifier {
  readonly storedKey: string;
  readonly serverKey: string;
}

interface Slot {
  readonly tokenId: string;
  readonly expiresAt: string;
  readonly verifiers: { readonly scram: ScramVerifier };
}

/**
 * Verifiers of the mechanisms that name a user and prove a secret without showing it: such a proof is tried against each
 * token of that user. `token-slot/<name key>-<n>` holds one token, in one of few places that can be named: no index is
 * needed, and two processes can't take the same one.
 */
export class UserSlots {
  readonly #vault: Vault;
  #decoy: Promise<void> | undefined;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** Stores a token's verifiers durably. A slot whose token has expired at `at` is taken over when no other is free. */
  take(nameKey: string, slot: Slot, at: string): Promise<void> {
    return inTurnOf(`slots of ${nameKey}`, async () => {
      const over: number[] = [];
      for (let place = 0; place < slotsOfUser; place += 1) {
        const taken = await this.#slot(nameKey, place);
        if (taken === undefined && (await this.#put(nameKey, place, slot))) return;
        if (taken !== undefined && hasReached(at, taken.expiresAt)) over.push(place);
      }
      for (const place of over) {
        await this.#vault.destroy(slotId(nameKey, place));
        if (await this.#put(nameKey, place, slot)) return;
      }
      throw new SallyportError(
        'limit',
        'proofs-not-cleared',
        `${slotsOfUser} tokens of this person are in custody, those that have ended are cleared away within a minute; try again then`,
      );
    });
  }

  /** Forgets a token of that user; an absent one is fine. */
  release(nameKey: string, tokenId: string): Promise<void> {
    return inTurnOf(`slots of ${nameKey}`, async () => {
      for (let place = 0; place < slotsOfUser; place += 1) {
        if ((await this.#slot(nameKey, place))?.tokenId !== tokenId) continue;
        await this.#vault.destroy(slotId(nameKey, place));
      }
    });
  }

  /** A no opens as many records, and compares as often, whether the user has tokens or is nobody. */
  async verifyScram(
    nameKey: string,
    { authMessage, clientProof }: ScramProof,
  ): Promise<{ readonly id: string; readonly serverSignature: Uint8Array } | null> {
    await this.#decoyIsThere();
    for (let place = 0; place < slotsOfUser; place += 1) {
      const slot = await this.#slot(nameKey, place);
      const { scram } = (slot ?? (await this.#slot(decoyName, 0)) ?? noSlot).verifiers;
      const proven = provesClient(Buffer.from(scram.storedKey, 'base64'), authMessage, clientProof);
      if (!proven || slot === undefined) continue;
      return {
        id: slot.tokenId,
        serverSignature: serverSignature(Buffer.from(scram.serverKey, 'base64'), authMessage),
      };
    }
    return null;
  }

  async #slot(nameKey: string, place: number): Promise<Slot | undefined> {
    const bytes = await openIfThere(this.#vault, slotId(nameKey, place));
    return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as Slot);
  }

  #put(nameKey: string, place: number, slot: Slot): Promise<boolean> {
    return putOnce(this.#vault, slotId(nameKey, place), JSON.stringify(slot));
  }

  async #decoyIsThere(): Promise<void> {
    this.#decoy ??= this.#put(decoyName, 0, noSlot).then(() => undefined);
    try {
      await this.#decoy;
    } catch (error) {
      this.#decoy = undefined;
      throw error;
    }
  }
}

const slotId = (nameKey: string, place: number): string => `token-slot/${nameKey}-${place}`;

/** No name has this key: those are digests. */
const decoyName = 'nobody';
const randomKey = (): string => randomBytes(keyBytes).toString('base64');
/** As large as a real one. */
const noSlot: Slot = {
  tokenId: 'token-00000000-0000-0000-0000-000000000000',
  expiresAt: '1970-01-01T00:00:00.000Z',
  verifiers: { scram: { storedKey: randomKey(), serverKey: randomKey() } },
};
