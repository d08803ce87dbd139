import { within } from '../within.ts';
import type { EntitlementId, IdentityId, PassId, SessionId, TargetId, UserId } from '../../domain/kernel/ids.ts';
import type { LearnedBy } from '../../domain/kernel/standing.ts';
import type { AccessWish } from './decide-access.ts';
import type { Admitted } from './still-granted.ts';
import type { SessionEndReason } from '../../domain/session/events.ts';

/** Whom to cut: by what the session rests on, never by socket (HOUSE.md, "Ending"). */
export type Selector =
  | { readonly pass: PassId }
  | { readonly user: UserId }
  | { readonly identity: IdentityId }
  | { readonly session: SessionId }
  | { readonly entitlement: EntitlementId }
  | { readonly target: TargetId }
  | 'all';

export interface Grounds {
  readonly sessionId: SessionId;
  readonly passId: PassId;
  readonly userId: UserId;
  /** What the login rests on; null until admission has decided, and for the local password. */
  readonly identityId: IdentityId | null;
  /** Null until admission has decided. */
  readonly entitlementId: EntitlementId | null;
  readonly targetId: TargetId | null;
  /** How to ask again whether it may go on, and what it must still be given; null until admission has decided. */
  readonly basis: { readonly wish: AccessWish; readonly admitted: Admitted } | null;
}

/** `how`: how the word of an identity provider came that this follows from; null: from none. */
export type Cut = (reason: SessionEndReason, message: string, how: LearnedBy | null) => void;

/** One registered connection. */
export interface Registration {
  grounds: Grounds;
  readonly cut: Cut;
  /** Says something to the person that ends nothing. */
  readonly notice: (message: string) => void;
  /** Which tool it is, and the first of its sessions; null until it is about to be opened. */
  group: { readonly tool: string; readonly first: SessionId } | null;
}

/** Somebody between login and admission: whose pass was good, and who holds nothing yet. */
interface Waiting {
  readonly who: Pick<Grounds, 'passId' | 'userId'>;
  readonly cut: Cut;
}

/**
 * Everything that can be cut on this node. A connection registers before its admission looks at anything, so that a
 * revocation that comes while it is being admitted finds it.
 */
export class Terminations {
  readonly #registrations = new Set<Registration>();
  readonly #waiting = new Set<Waiting>();
  readonly #endings = new Set<Promise<void>>();
  readonly #whenNone: (() => void)[] = [];
  #changes = 0;
  #draining = false;

  /** How many changes of users, policies or targets this node has acted on; admission compares before and after. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether this node is about to stop: nobody is admitted any more. */
  get draining(): boolean {
    return this.#draining;
  }

  drain(): void {
    this.#draining = true;
  }

  noteChange(): void {
    this.#changes += 1;
  }

  register(grounds: Grounds, cut: Cut, notice: Registration['notice']): Registration {
    const registration: Registration = { grounds, cut, notice, group: null };
    this.#registrations.add(registration);
    return registration;
  }

  /** Who waits is cut with their pass or person, and counted nowhere. Gives what is called when they wait no more. */
  attend(who: Waiting['who'], cut: Cut): () => void {
    const waiting = { who, cut };
    this.#waiting.add(waiting);
    return () => void this.#waiting.delete(waiting);
  }

  /** How many of the same person are registered since before this one: sessions, and attempts that came earlier. */
  before(registration: Registration): number {
    let count = 0;
    for (const other of this.#registrations) {
      if (other === registration) break;
      if (other.grounds.userId === registration.grounds.userId) count += 1;
    }
    return count;
  }

  /** Puts it together with those of the same tool that are open, or about to be; gives the first of them, or itself. */
  group(registration: Registration, tool: string): SessionId {
    const open = this.#registrations.values().find((other) => other.group?.tool === tool);
    const first = open?.group?.first ?? registration.grounds.sessionId;
    registration.group = { tool, first };
    return first;
  }

  release(registration: Registration): void {
    this.#delete(registration);
  }

  #delete(registration: Registration): void {
    this.#registrations.delete(registration);
    if (this.#registrations.size === 0) for (const resolve of this.#whenNone.splice(0)) resolve();
  }

  /** A word to everybody. */
  tell(message: string): void {
    for (const registration of this.#registrations) registration.notice(message);
  }

  /** Resolves when nothing is registered. */
  async none(): Promise<void> {
    if (this.#registrations.size > 0) await new Promise<void>((resolve) => this.#whenNone.push(resolve));
  }

  /** Cuts all that match, and who waits; gives how many sessions and attempts those were. */
  terminate(selector: Selector, reason: SessionEndReason, message: string, how: LearnedBy | null = null): number {
    const hit = [...this.#registrations].filter((registration) => matches(selector, registration.grounds));
    for (const registration of hit) {
      this.#delete(registration);
      registration.cut(reason, message, how);
    }
    for (const waiting of [...this.#waiting]) {
      if (!concerns(selector, waiting.who)) continue;
      this.#waiting.delete(waiting);
      waiting.cut(reason, message, how);
    }
    return hit.length;
  }

  /** A session is ending: its last event is being written. `end` never rejects. */
  noteEnding(end: Promise<void>): void {
    this.#endings.add(end);
    void end.then(() => this.#endings.delete(end));
  }

  /** Resolves when every end under way is logged, or after `deadlineMilliseconds`. */
  async endingsLogged(deadlineMilliseconds: number): Promise<void> {
    await within(deadlineMilliseconds, Promise.all(this.#endings));
  }

  all(): readonly Registration[] {
    return [...this.#registrations];
  }
}

function concerns(selector: Selector, who: Waiting['who']): boolean {
  if (selector === 'all') return true;
  if ('pass' in selector) return who.passId === selector.pass;
  return 'user' in selector && who.userId === selector.user;
}

function matches(selector: Selector, grounds: Grounds): boolean {
  if (selector === 'all' || 'pass' in selector || 'user' in selector) return concerns(selector, grounds);
  if ('identity' in selector) return grounds.identityId === selector.identity;
  if ('session' in selector) return grounds.sessionId === selector.session;
  if ('entitlement' in selector) return grounds.entitlementId === selector.entitlement;
  return grounds.targetId === selector.target;
}
