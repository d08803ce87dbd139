import type { LoginId } from '../../domain/kernel/ids.ts';
import { millisecondsBetween } from '../../domain/kernel/time.ts';

/**
 * When logins were last used on this node, kept in memory: their idle time (A7) begins anew with a restart. The longest
 * unused go first when there are too many.
 */
export class LoginActivity {
  readonly #lastUse = new Map<LoginId, string>();

  /** False when the login was idle too long; otherwise notes the use. */
  use(loginId: LoginId, at: string, idleMilliseconds: number): boolean {
    if (this.idleFor(loginId, at) > idleMilliseconds) return false;
    this.#lastUse.delete(loginId);
    this.#lastUse.set(loginId, at);
    const [oldest] = this.#lastUse.keys();
    if (this.#lastUse.size > 100_000 && oldest !== undefined) this.#lastUse.delete(oldest);
    return true;
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
