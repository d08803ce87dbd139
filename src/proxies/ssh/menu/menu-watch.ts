import type { EndListener } from '../../../application/admission/door.ts';
import { guarded } from '../../kit/guarded.ts';

/** Times in milliseconds. */
export interface MenuLimits {
  /** How long the menu waits for a key. */
  readonly idleMilliseconds: number;
  /** How long a connection may be without a session, whatever is typed. */
  readonly longestMilliseconds: number;
  /** How often the pass is looked at again: it may expire. */
  readonly checkMilliseconds: number;
  /** Menus that one person may have open at the same time on this proxy. */
  readonly perUser: number;
  /** Choices on one connection: each that is refused is an event. */
  readonly choices: number;
}

export const defaultMenuLimits: MenuLimits = {
  idleMilliseconds: 300_000,
  longestMilliseconds: 600_000,
  checkMilliseconds: 10_000,
  perUser: 8,
  choices: 16,
};

/** The menus that are open on one proxy, by person. */
export class Menus {
  readonly limits: MenuLimits;
  readonly #open = new Map<string, number>();

  constructor(limits: Partial<MenuLimits> = {}) {
    this.limits = { ...defaultMenuLimits, ...limits };
  }

  /** Counts one more; gives what is called when it is no more. Null: there are as many as there may be. */
  enter(userId: string): (() => void) | null {
    const open = this.#open.get(userId) ?? 0;
    if (open >= this.limits.perUser) return null;
    this.#open.set(userId, open + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const others = (this.#open.get(userId) ?? 1) - 1;
      if (others === 0) this.#open.delete(userId);
      else this.#open.set(userId, others);
    };
  }
}

export interface WatchEvents {
  /** Whether the person's pass still opens anything. */
  live(): Promise<boolean>;
  /** Calls `end` when the pass or its person is no more, or the proxy stops; gives what ends that. */
  attend(end: EndListener): () => void;
  /** The menu has to end. */
  over(message: string): void;
  /** Something broke where nobody else would catch it. */
  failed(): void;
}

const tooLong = 'the menu was open for too long; connect again';
const passOver = 'your token or key does not open anything here any more; make a new one';

/** Ends a menu in which nobody types, that is open for too long, or whose pass is no more: at once when it was revoked. */
export class MenuWatch {
  readonly #limits: MenuLimits;
  readonly #events: WatchEvents;
  readonly #longest: NodeJS.Timeout;
  readonly #check: NodeJS.Timeout;
  #idle: NodeJS.Timeout | undefined;
  #checking = false;
  #over: string | null = null;
  readonly #leave: () => void;

  constructor(limits: MenuLimits, events: WatchEvents) {
    this.#limits = limits;
    this.#events = events;
    this.#longest = this.#after(limits.longestMilliseconds, () => this.#end(tooLong));
    this.#check = setInterval(() => void this.#look(), limits.checkMilliseconds);
    this.#leave = events.attend((reason, message) =>
      guarded(
        () => this.#end(reason === 'shutdown' || reason === 'log-unavailable' ? message : passOver),
        () => events.failed(),
      ),
    );
    // It may have ended since the login.
    void this.#look();
  }

  /** Why the menu may not be shown once more; null: nothing is against it. */
  get over(): string | null {
    return this.#over;
  }

  /** A key: the person is there. */
  alive(): void {
    clearTimeout(this.#idle);
    this.#idle = this.#after(this.#limits.idleMilliseconds, () =>
      this.#events.over('nothing was chosen in time; connect again'),
    );
  }

  /** Nobody is waited for, until the next sign of life. */
  rest(): void {
    clearTimeout(this.#idle);
  }

  stop(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#longest);
    clearInterval(this.#check);
    this.#leave();
  }

  #end(message: string): void {
    this.#over = message;
    this.#events.over(message);
  }

  #after(milliseconds: number, act: () => void): NodeJS.Timeout {
    return setTimeout(() => guarded(act, () => this.#events.failed()), milliseconds);
  }

  async #look(): Promise<void> {
    if (this.#checking) return;
    this.#checking = true;
    const live = await this.#events.live().catch(() => false);
    this.#checking = false;
    guarded(
      () => live || this.#end(passOver),
      () => this.#events.failed(),
    );
  }
}
