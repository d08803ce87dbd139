import type { GuessingNoticed } from '../../domain/guessing/events.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import { CheckSlots } from './check-slots.ts';
import { networkOf } from './network-of.ts';
import type { Outcome } from './outcome.ts';
import { tooManyFailures } from './refusals.ts';
import { StartBrake } from './start-brake.ts';
import { Tallies } from './tallies.ts';

export interface GuessLimits {
  /** Failures in a window after which nothing from a network is looked at for a while. */
  readonly failuresPerNetwork: number;
  /** Failures in a window under one name after which each try under it takes longest, and an alert is raised. */
  readonly failuresPerUser: number;
  readonly windowMilliseconds: number;
  readonly refusalMilliseconds: number;
  /** Whether many people share this address, so that its failures refuse nobody else. */
  readonly isShared: (source: string) => boolean;
}

export interface GuessBrakeDeps {
  readonly limits: GuessLimits;
  /** Keyed digest of the login name of somebody; null: nobody of ours. */
  readonly nameKeyOf: (userId: UserId) => string | null;
  /** Resolves when everything the log holds now is counted. */
  readonly counted: () => Promise<void>;
  /** Milliseconds on a clock that never goes back. */
  readonly ticks: () => number;
}

/** Who is about to be checked. Whatever is known: the name that was typed, or whose factor or pass it must be. */
export interface Tried {
  readonly nameKey: string | null;
  readonly userId: UserId | null;
  readonly source: string;
}

type Alert = GuessingNoticed['data'];

/** A try is delayed no longer than this, and with waiting for its turn no longer than `longestHold` (security rule A9). */
const longestDelay = 1_600;
const longestHold = 2_000;
const mostRefused = 10_000;

/**
 * The one brake on guessing, for every door (security rule A9, decision 0098): one count for each login name and one for
 * each network, folded from the log. Failures under a name make further tries under it slower, from wherever; failures
 * from a network, whatever the names, make it refused for a while. Whoever waits here holds no place that others need.
 */
export class GuessBrake {
  readonly #deps: GuessBrakeDeps;
  readonly #slots = new CheckSlots();
  readonly #starts: StartBrake;
  readonly #users: Tallies;
  readonly #networks: Tallies;
  /** Until when, in ticks. */
  readonly #refused = new Map<string, number>();

  constructor(deps: GuessBrakeDeps) {
    const { failuresPerUser, failuresPerNetwork, windowMilliseconds } = deps.limits;
    this.#deps = deps;
    this.#starts = new StartBrake(deps.ticks);
    this.#users = new Tallies(failuresPerUser, windowMilliseconds);
    this.#networks = new Tallies(failuresPerNetwork, windowMilliseconds);
  }

  /** For how long nothing from this source's network is looked at, in milliseconds; null: it is. To be asked at connect. */
  refusedFor(source: string): number | null {
    const network = networkOf(source);
    const rest = (this.#refused.get(network) ?? Number.NEGATIVE_INFINITY) - this.#deps.ticks();
    if (rest > 0) return rest;
    this.#refused.delete(network);
    return null;
  }

  /** To be asked before a login is begun. Errors: kind `limit`, when the network is refused, or begins too many. */
  begins(source: string): void {
    this.#welcome(source);
    this.#starts.take(source);
  }

  #welcome(source: string): void {
    const rest = this.refusedFor(source);
    if (rest !== null) throw tooManyFailures(rest);
  }

  /**
   * Runs the check of one secret that was shown, an answer or a pass, after the delay that is due. The check appends what
   * came of it; `failed` says whether that was a no. Errors: kind `limit`, when the network is refused, or too much of it
   * waits; then nothing was checked. Errors of the check are thrown on.
   */
  async attempt<T>(tried: Tried, check: () => Promise<T>, failed: (result: T) => boolean): Promise<T> {
    const { source } = tried;
    this.#welcome(source);
    const delay = this.#delay(tried);
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    const network = networkOf(source);
    const done = await this.#slots.take(network, () => this.#mayRun(source, network), longestHold - delay);
    let result: T;
    try {
      this.#welcome(source);
      result = await check();
    } catch (error) {
      done();
      throw error;
    }
    // A failure keeps its turn until it counts, and keeps nobody waiting for the answer.
    if (failed(result)) void this.#deps.counted().then(done, done);
    else done();
    return result;
  }

  /** What stands in the log, `age` milliseconds after it was written. Gives the alerts it raises. */
  fold(outcome: Outcome, age: number): readonly Alert[] {
    const at = this.#deps.ticks() - age;
    const names = this.#names(outcome);
    const network = networkOf(outcome.source);
    const shareOf = (other: string): string => `${outcome.manner} ${other}`;
    if (outcome.verdict === 'right') {
      for (const name of names) {
        this.#users.clear(name, shareOf(network));
        this.#networks.clear(network, shareOf(name));
      }
      return [];
    }
    const byName = names.flatMap((name) => {
      const { total, reached } = this.#users.add(name, shareOf(network), at);
      return reached ? [this.#alert(outcome, { subject: 'user', nameKey: name, failures: total })] : [];
    });
    return [...byName, ...this.#countNetwork(outcome, network, shareOf(names[0] ?? ''), at)];
  }

  #countNetwork(outcome: Outcome, network: string, share: string, at: number): readonly Alert[] {
    const { total, reached } = this.#networks.add(network, share, at);
    if (!reached) return [];
    const { isShared, refusalMilliseconds } = this.#deps.limits;
    const refuses = !isShared(outcome.source);
    if (refuses) {
      this.#networks.forget(network);
      this.#refuse(network, at + refusalMilliseconds);
    }
    const refusedMilliseconds = refuses ? refusalMilliseconds : null;
    return [this.#alert(outcome, { subject: 'network', network, failures: total, refusedMilliseconds })];
  }

  #refuse(network: string, until: number): void {
    this.#refused.delete(network);
    this.#refused.set(network, until);
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > mostRefused && oldest !== undefined) this.#refused.delete(oldest);
  }

  #alert({ userId, door }: Outcome, of: Pick<Alert, 'subject' | 'failures'> & Partial<Alert>): Alert {
    const whose = of.subject === 'user' ? userId : null;
    return { userId: whose, nameKey: null, network: null, door, refusedMilliseconds: null, ...of };
  }

  #mayRun(source: string, network: string): number {
    const { failuresPerNetwork, isShared } = this.#deps.limits;
    if (isShared(source)) return Number.POSITIVE_INFINITY;
    return Math.max(1, failuresPerNetwork - this.#networks.count(network, this.#deps.ticks()));
  }

  /** Doubles with each failure under the name, and is longest at the limit. The same for names that nobody has (A10). */
  #delay(tried: Tried): number {
    const at = this.#deps.ticks();
    const failures = Math.max(0, ...this.#names(tried).map((name) => this.#users.count(name, at)));
    if (failures === 0) return 0;
    return Math.floor(longestDelay * 2 ** Math.min(0, failures - this.#deps.limits.failuresPerUser));
  }

  /** Under which names it counts: that of the person, where that is known, and what was typed where that is another one. */
  #names({ nameKey, userId }: Pick<Tried, 'nameKey' | 'userId'>): readonly string[] {
    const own = userId === null ? null : this.#deps.nameKeyOf(userId);
    return [...new Set([own, nameKey].filter((name) => name !== null))];
  }
}
