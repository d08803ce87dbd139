import type { LoginId, SessionId, UserId } from '../../domain/kernel/ids.ts';
import type { Viewer } from '../ports/viewer.ts';
import type { Replay } from '../ports/replays.ts';

/** One opening of a recording in a player: noted once, and then good for any number of reads by the login that opened it. */
export interface Reading {
  readonly id: string;
  readonly sessionId: SessionId;
  readonly loginId: LoginId;
  /** Whose session it is. */
  readonly owner: UserId;
  readonly replay: Replay;
}

/** A reading ends so long after its last use. */
const lifeMilliseconds = 15 * 60_000;
const mostOfLogin = 16;
const most = 1_024;

/** The readings that are open, in memory: after a restart a player opens anew, which is noted anew. */
export class Readings {
  readonly #open = new Map<string, { readonly reading: Reading; usedAt: number }>();
  /** Milliseconds of a clock that only goes forward. */
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(reading: Reading): void {
    this.#dropOld();
    const own = [...this.#open.values()].filter(({ reading: { loginId } }) => loginId === reading.loginId);
    // In order of their last use, the oldest first.
    if (own.length >= mostOfLogin) this.#open.delete(own[0]?.reading.id ?? '');
    if (this.#open.size >= most) this.#open.delete(this.#open.keys().next().value ?? '');
    this.#open.set(reading.id, { reading, usedAt: this.#now() });
  }

  /** The reading of that id, when it is this login's and the viewer may still read the recording (security rule K1). */
  use(viewer: Viewer, id: string): Reading | null {
    this.#dropOld();
    const reading = this.#open.get(id)?.reading;
    if (reading?.loginId !== viewer.loginId) return null;
    if (reading.owner !== viewer.userId && !viewer.permissions.includes('audit')) return null;
    this.#open.delete(id);
    this.#open.set(id, { reading, usedAt: this.#now() });
    return reading;
  }

  #dropOld(): void {
    for (const [id, { usedAt }] of this.#open) {
      if (usedAt + lifeMilliseconds > this.#now()) return;
      this.#open.delete(id);
    }
  }
}
