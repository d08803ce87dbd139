const most = 10_000;

/** Remembers under which key of the brake an authentication began, while it runs. The oldest go first. */
export class AttemptKeys {
  readonly #keys = new Map<string, string>();

  remember(authenticationId: string, userName: string, source: string): void {
    this.#keys.set(authenticationId, JSON.stringify([userName.normalize('NFKC').trim().toLowerCase(), source]));
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > most && oldest !== undefined) this.#keys.delete(oldest);
  }

  /** An authentication that is not known here shares one key with all such of its source. */
  keyOf(authenticationId: string, source: string): string {
    return this.#keys.get(authenticationId) ?? JSON.stringify([null, source]);
  }

  forget(authenticationId: string): void {
    this.#keys.delete(authenticationId);
  }
}
