import type { LoginId } from '../../domain/kernel/ids.ts';
import { millisecondsBetween } from '../../domain/kernel/time.ts';

/**
 * When logins were last used on this node, kept in memory: their idle time (A7) begins anew with a restart. The longest
 * unused go first when there are too many.
 */
export class LoginActivity {
  readonly #lastUse = new Map<LoginId, string>();

  /** To be called for a login that was found not to be idle for too long. */
  use(loginId: LoginId, at: string): void {
    this.#lastUse.delete(loginId);
    this.#lastUse.set(loginId, at);
    const [oldest] = this.#lastUse.keys();
    if (this.#lastUse.size > 100_000 && oldest !== undefined) this.#lastUse.delete(oldest);
  }

  /** Milliseconds since its last use; 0 when none is known. */
  idleFor(loginId: LoginId, at: string): number {
    const last = this.#lastUse.get(loginId);
    return last === undefined ? 0 : millisecondsBetween(last, at);
  }

  forget(loginId: LoginId): void {
    this.#lastUse.delete(loginId);
  }
}
