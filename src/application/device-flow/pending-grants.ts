import { SallyportError } from '../../domain/kernel/errors.ts';
import type { GrantId } from '../../domain/kernel/ids.ts';
import type { Viewer } from '../ports/application-face.ts';
import type { GrantAsked } from '../ports/device-grants.ts';

/** How long a code may be confirmed and used. */
export const grantMilliseconds = 10 * 60_000;
/** For so long after its end a device is told that its code has expired, instead of that there is none. */
const afterlifeMilliseconds = 60_000;
/** Of one network, so that no stranger keeps the others out; and in all, the oldest going first. */
const mostOfOneNetwork = 50;
const mostInAll = 10_000;

export interface PendingGrant {
  readonly grantId: GrantId;
  readonly userCode: string;
  /** Digest of the device code: what finds a grant tells nothing of it. */
  readonly key: string;
  readonly asked: GrantAsked;
  readonly network: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  /** By a clock that never goes back, in milliseconds. */
  readonly begunAt: number;
  /** What its next poll has to wait for, and how long the one after it. */
  polledAt: number;
  interval: number;
  state:
    | { readonly status: 'waiting' | 'denied' | 'being-used' }
    | { readonly status: 'approved'; readonly viewer: Viewer };
}

/** Codes that were given out and not used yet, in memory: a restart forgets them, and everybody asks again. */
export class PendingGrants {
  readonly #byKey = new Map<string, PendingGrant>();
  readonly #byCode = new Map<string, PendingGrant>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Errors: kind `limit` when its network has too many. */
  add(grant: PendingGrant): void {
    this.#sweep();
    let same = 0;
    for (const { network } of this.#byKey.values()) if (network === grant.network) same += 1;
    if (same >= mostOfOneNetwork) {
      throw new SallyportError(
        'limit',
        'too-many-attempts',
        'Too many logins wait to be confirmed from this network; wait a few minutes.',
      );
    }
    const [oldest] = this.#byKey.values();
    if (this.#byKey.size >= mostInAll && oldest !== undefined) this.remove(oldest);
    this.#byKey.set(grant.key, grant);
    this.#byCode.set(grant.userCode, grant);
  }

  hasCode(userCode: string): boolean {
    return this.#byCode.has(userCode);
  }

  byKey(key: string): PendingGrant | undefined {
    this.#sweep();
    return this.#byKey.get(key);
  }

  /** What waits to be confirmed under this code. */
  waiting(userCode: string): PendingGrant | undefined {
    const grant = this.#byCode.get(userCode);
    return grant?.state.status === 'waiting' && !this.hasExpired(grant) ? grant : undefined;
  }

  hasExpired({ begunAt }: PendingGrant): boolean {
    return this.#clock() - begunAt >= grantMilliseconds;
  }

  remove(grant: PendingGrant): void {
    this.#byKey.delete(grant.key);
    this.#byCode.delete(grant.userCode);
  }

  /** They were added in the order of their ends. */
  #sweep(): void {
    for (const grant of this.#byKey.values()) {
      if (this.#clock() - grant.begunAt < grantMilliseconds + afterlifeMilliseconds) return;
      this.remove(grant);
    }
  }
}
