import type { AuthenticationId } from '../../domain/kernel/ids.ts';
import type { Grant, IdentityFact } from '../ports/identity-providers.ts';

/** What an attempt needs until it is over and no event of it may hold: it is personal, and nobody's key fits yet. */
interface Note {
  /** As it was typed, for a directory. */
  readonly userName?: string;
  /** Who the provider said it is. */
  readonly identity?: IdentityFact;
  /** What the provider can be asked by later on. */
  readonly grant?: Grant;
  /** When the provider has what rests on this login end; ISO 8601. */
  readonly until?: string;
}

const most = 10_000;

/** Kept in memory while attempts run; the oldest go first. An attempt whose note is gone fails, and begins anew. */
export class AttemptNotes {
  readonly #notes = new Map<AuthenticationId, Note>();

  add(authenticationId: AuthenticationId, note: Note): void {
    this.#notes.set(authenticationId, { ...this.#notes.get(authenticationId), ...note });
    const [oldest] = this.#notes.keys();
    if (this.#notes.size > most && oldest !== undefined) this.#notes.delete(oldest);
  }

  of(authenticationId: AuthenticationId): Note {
    return this.#notes.get(authenticationId) ?? {};
  }

  forget(authenticationId: AuthenticationId): void {
    this.#notes.delete(authenticationId);
  }
}
