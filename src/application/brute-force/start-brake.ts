import { networkOf } from './network-of.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';

/** So many logins may be begun from one network at once, and so many a second in the long run. */
const burst = 200;
const perSecond = 10;
const mostNetworks = 10_000;

interface Bucket {
  left: number;
  at: number;
}

/**
 * Bounds how many logins strangers can begin, since each is written to the log (A9). Networks are an IPv4 address or the
 * first 64 bits of an IPv6 address; the one that began one longest ago is forgotten when there are 10,000. There is no
 * bound for all together: it would let strangers keep everybody out.
 */
export class StartBrake {
  readonly #networks = new Map<string, Bucket>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Errors: kind `limit` when it is too many. */
  take(source: string): void {
    const network = networkOf(source);
    const now = this.#now();
    const bucket = this.#networks.get(network) ?? { left: burst, at: now };
    this.#networks.delete(network);
    this.#networks.set(network, bucket);
    const [oldest] = this.#networks.keys();
    if (this.#networks.size > mostNetworks && oldest !== undefined) this.#networks.delete(oldest);
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    if (bucket.left < 1) {
      throw new SallyportError('limit', 'too-many-attempts', 'Too many logins were begun; wait a few seconds.');
    }
    bucket.left -= 1;
  }
}
