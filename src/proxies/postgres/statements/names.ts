import { MemoryShare, type MessageMemory } from '../message-memory.ts';

/** Memory for texts and parameters that prepared statements and portals keep, in bytes of one connection. */
const mostKept = 8 << 20;

/** PostgreSQL tells names apart by so many bytes (NAMEDATALEN - 1), in messages too. */
const longestName = 63;

/** What an entry takes beside its text, roughly. */
const bytesOfName = 256;

/** What a name stands for, and what it takes. */
interface Kept<T> {
  readonly value: T;
  readonly bytes: number;
}

/**
 * Names of prepared statements, or of portals, as the database will know them once it has come so far: each change can be
 * undone as long as the database has not confirmed it. An SQL `PREPARE` and a Parse message share one set of names.
 */
export class Names<T> {
  readonly #kept = new Map<string, Kept<T>>();
  readonly #share: MemoryShare;
  #bytes = 0;
  /** Those of the unnamed one, which is bounded by the share alone. */
  #unnamed = 0;

  constructor(memory: MessageMemory) {
    this.#share = new MemoryShare(memory);
  }

  get(name: string): T | undefined {
    return this.#kept.get(known(name))?.value;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Gives what undoes it; null, and changes nothing, when too much would be kept. */
  set(given: string, value: T, bytes: number): (() => void) | null {
    const name = known(given);
    const before = this.#kept.get(name);
    const taken = bytes + bytesOfName;
    const added = taken - (before?.bytes ?? 0);
    if (name !== '' && this.#bytes + added - this.#unnamed > mostKept) return null;
    if (!this.#share.hold(this.#bytes + added)) return null;
    this.#put(name, { value, bytes: taken });
    return () => this.#put(name, before);
  }

  drop(given: string): () => void {
    const name = known(given);
    const before = this.#kept.get(name);
    this.#put(name, undefined);
    return () => this.#put(name, before);
  }

  clear(): () => void {
    const before = [...this.#kept];
    for (const [name] of before) this.#put(name, undefined);
    return () => {
      for (const [name, kept] of before) this.#put(name, kept);
    };
  }

  /** Nothing is kept any more. */
  end(): void {
    this.#kept.clear();
    this.#bytes = this.#unnamed = 0;
    this.#share.hold(0);
  }

  #put(name: string, kept: Kept<T> | undefined): void {
    this.#bytes += (kept?.bytes ?? 0) - (this.#kept.get(name)?.bytes ?? 0);
    if (name === '') this.#unnamed = kept?.bytes ?? 0;
    this.#share.hold(this.#bytes);
    if (kept === undefined) this.#kept.delete(name);
    else this.#kept.set(name, kept);
  }
}

/** Names have a character for each byte. */
function known(name: string): string {
  return name.slice(0, longestName);
}
