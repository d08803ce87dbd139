import type { StatementReading } from '../../domain/policy/statements.ts';

/** Of each of the two generations, in UTF-16 units of keys and of readings as JSON. */
const room = 1024 * 1024;

/**
 * Readings by text, bounded by the memory that they hold. Two generations stand for the order of use: what was not
 * asked for while the young one filled up is forgotten, and a hit costs one look-up.
 */
export class ReadingCache {
  #young = new Map<string, StatementReading>();
  #old = new Map<string, StatementReading>();
  #held = 0;

  get(key: string): StatementReading | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, reading: StatementReading): void {
    this.#young.set(key, reading);
    this.#held += key.length + JSON.stringify(reading).length;
    if (this.#held <= room) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#held = 0;
  }
}
