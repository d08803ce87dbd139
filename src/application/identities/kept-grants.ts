import { type IdentityId, isStreamIdOf } from '../../domain/kernel/ids.ts';
import { inTurnOf } from '../in-turn.ts';
import type { Grant } from '../ports/identity-providers.ts';
import type { Vault } from '../ports/vault.ts';

const prefix = 'identity-grant-';

/** One of the records of an identity, by its number; a later one has a higher number. */
export type GrantNumber = number;

/**
 * What identities are asked by, sealed in the vault under the identity's id. A new one is durable before the one it stands
 * in for is destroyed, so that a crash leaves both. At most two are kept: one that was proven, and the newest given with an
 * answer that proved nothing. The folder is one process's, so that which records there are is read once.
 */
export class KeptGrants {
  readonly #vault: Vault;
  #known: Promise<Map<IdentityId, readonly GrantNumber[]>> | null = null;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** Every identity that one is kept for, with the newest. */
  async newest(): Promise<ReadonlyMap<IdentityId, GrantNumber>> {
    return new Map([...(await this.#all())].map(([identityId, numbers]) => [identityId, numbers.at(-1) ?? 0]));
  }

  /** Oldest first. */
  async of(identityId: IdentityId): Promise<readonly GrantNumber[]> {
    return (await this.#all()).get(identityId) ?? [];
  }

  /** Errors: those of the vault; `secret-absent` when it was destroyed meanwhile. */
  async open(identityId: IdentityId, number: GrantNumber): Promise<Grant> {
    return Buffer.from(await this.#vault.open(nameOf(identityId, number))).toString('utf8');
  }

  /** The newest of a login: the only one from now on. */
  keep(identityId: IdentityId, grant: Grant): Promise<void> {
    return this.#inTurn(identityId, async (numbers) => {
      await this.#add(identityId, numbers, grant);
      await this.#drop(identityId, numbers);
    });
  }

  /**
   * What the provider gave in place of `from`; nothing when that has gone meanwhile, since a login left a newer one then.
   * `proven`: the answer showed that it is this identity's, so that nothing else is kept.
   */
  replace(identityId: IdentityId, from: GrantNumber, grant: Grant, proven: boolean): Promise<void> {
    return this.#inTurn(identityId, async (numbers) => {
      if (!numbers.includes(from)) return;
      const same = (await this.open(identityId, from)) === grant;
      if (!same) await this.#add(identityId, numbers, grant);
      const others = same ? numbers.filter((number) => number !== from) : numbers;
      await this.#drop(identityId, proven ? others : others.slice(1));
    });
  }

  /** Destroys this one and all before it. */
  forget(identityId: IdentityId, number: GrantNumber): Promise<void> {
    return this.#inTurn(identityId, (numbers) =>
      this.#drop(
        identityId,
        numbers.filter((each) => each <= number),
      ),
    );
  }

  /** Destroys this one alone. */
  forgetOne(identityId: IdentityId, number: GrantNumber): Promise<void> {
    return this.#inTurn(identityId, (numbers) =>
      this.#drop(
        identityId,
        numbers.filter((each) => each === number),
      ),
    );
  }

  async #inTurn(identityId: IdentityId, work: (numbers: readonly GrantNumber[]) => Promise<void>): Promise<void> {
    await inTurnOf(`grants of ${identityId}`, async () => work(await this.of(identityId)));
  }

  async #add(identityId: IdentityId, numbers: readonly GrantNumber[], grant: Grant): Promise<void> {
    const number = (numbers.at(-1) ?? 0) + 1;
    await this.#vault.put(nameOf(identityId, number), Buffer.from(grant, 'utf8'));
    (await this.#all()).set(identityId, [...numbers, number]);
  }

  async #drop(identityId: IdentityId, numbers: readonly GrantNumber[]): Promise<void> {
    const all = await this.#all();
    for (const number of numbers) {
      await this.#vault.destroy(nameOf(identityId, number));
      const left = (all.get(identityId) ?? []).filter((each) => each !== number);
      if (left.length > 0) all.set(identityId, left);
      else all.delete(identityId);
    }
  }

  async #all(): Promise<Map<IdentityId, readonly GrantNumber[]>> {
    this.#known ??= this.#read().catch((error: unknown) => {
      this.#known = null;
      throw error;
    });
    return await this.#known;
  }

  async #read(): Promise<Map<IdentityId, readonly GrantNumber[]>> {
    const found = new Map<IdentityId, readonly GrantNumber[]>();
    for (const name of await this.#vault.list(prefix)) {
      const [identityId = '', number = ''] = name.slice(prefix.length).split('.');
      if (!isStreamIdOf('identity', identityId) || !/^[0-9]+$/.test(number)) continue;
      found.set(
        identityId,
        [...(found.get(identityId) ?? []), Number(number)].sort((one, other) => one - other),
      );
    }
    return found;
  }
}

function nameOf(identityId: IdentityId, number: GrantNumber): string {
  return `${prefix}${identityId}.${String(number)}`;
}
