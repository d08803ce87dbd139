import { MemoryShare, type MessageMemory } from '../message-memory.ts';

/** Memory for texts and parameters that prepared statements and portals keep, in bytes of one connection. */
const mostKept = 8 << 20;

/** PostgreSQL tells names apart by so many bytes (NAMEDATALEN - 1), in messages too. */
const longestName = 63;

/** What an entry takes beside its text, roughly. */
const bytesOfName = 256;

/** What a name comes to stand for, and what that takes; `value` is undefined where the name is dropped. */
interface Version<T> {
  readonly value: T | undefined;
  readonly bytes: number;
}

/** Something that was done to names and is not answered yet: one of both, once. */
export interface Change {
  /** The database has done it. */
  stands(): void;
  /** It has not; of several texts in one message the first `completed` are done all the same. */
  undo(completed: number): void;
}

export const noChange: Change = { stands: () => {}, undo: () => {} };

/**
 * Names of prepared statements, or of portals, as the database will know them once it has come so far. Each change waits
 * for its answer by itself: one that fails takes nothing back of what was sent behind it. An SQL `PREPARE` and a Parse
 * message share one set of names.
 */
export class Names<T> {
  /** The oldest first: what stands, and then what may come to stand. */
  readonly #versions = new Map<string, Version<T>[]>();
  readonly #share: MemoryShare;
  #bytes = 0;
  /** Those of the unnamed one, which is bounded by the share alone. */
  #unnamed = 0;

  constructor(memory: MessageMemory) {
    this.#share = new MemoryShare(memory);
  }

  get(name: string): T | undefined {
    return this.#versions.get(known(name))?.at(-1)?.value;
  }

  /** Null, and changes nothing, when too much would be kept. */
  set(given: string, value: T, bytes: number): Change | null {
    const name = known(given);
    const taken = bytes + bytesOfName;
    if (name !== '' && this.#bytes - this.#unnamed + taken > mostKept) return null;
    if (!this.#share.hold(this.#bytes + taken)) return null;
    return this.#add(name, { value, bytes: taken });
  }

  drop(given: string): Change {
    const name = known(given);
    return this.#versions.has(name) ? this.#add(name, { value: undefined, bytes: 0 }) : noChange;
  }

  /** Drops all of them. */
  clear(): Change {
    return together([...this.#versions.keys()].map((name) => this.drop(name)));
  }

  /** Nothing is kept any more. */
  end(): void {
    this.#versions.clear();
    this.#bytes = this.#unnamed = 0;
    this.#share.hold(0);
  }

  #add(name: string, version: Version<T>): Change {
    const versions = this.#versions.get(name) ?? [];
    versions.push(version);
    this.#versions.set(name, versions);
    this.#count(name, version.bytes);
    return {
      stands: () => {
        const at = versions.indexOf(version);
        // What is dropped is no version of its own once nothing is under it.
        this.#remove(name, versions, 0, version.value === undefined ? at + 1 : at);
      },
      undo: () => {
        const at = versions.indexOf(version);
        if (at >= 0) this.#remove(name, versions, at, 1);
      },
    };
  }

  #remove(name: string, versions: Version<T>[], at: number, many: number): void {
    if (many <= 0 || this.#versions.get(name) !== versions) return;
    for (const { bytes } of versions.splice(at, many)) this.#count(name, -bytes);
    if (versions.length === 0) this.#versions.delete(name);
  }

  #count(name: string, bytes: number): void {
    this.#bytes += bytes;
    if (name === '') this.#unnamed += bytes;
    this.#share.hold(this.#bytes);
  }
}

/** Several changes by one message. */
export function together(changes: readonly Change[]): Change {
  return {
    stands: () => {
      for (const change of changes) change.stands();
    },
    undo: (completed) => {
      for (const change of changes) change.undo(completed);
    },
  };
}

/** Names have a character for each byte. */
function known(name: string): string {
  return name.slice(0, longestName);
}
