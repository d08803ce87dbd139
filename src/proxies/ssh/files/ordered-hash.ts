import { createHash, type Hash } from 'node:crypto';

/** Memory that pieces out of order may take, all transfers of a connection together, in bytes. */
const mostOutOfOrder = 1024 * 1024;
/** What keeping one piece costs beside its bytes. */
const costOfPiece = 256;

export class ReorderBudget {
  #left = mostOutOfOrder;

  take(bytes: number): boolean {
    if (bytes + costOfPiece > this.#left) return false;
    this.#left -= bytes + costOfPiece;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes + costOfPiece;
  }
}

interface Piece {
  readonly offset: number;
  bytes: Buffer;
}

/** What is known of the bytes that passed: with `why` null they are one stretch, each byte once. */
export interface Stretch {
  readonly from: number;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly why: string | null;
}

/**
 * SHA-256 over ranges of one file in the order of their offsets, whatever order they come in. Pieces that come too early
 * wait within a budget; what can't be followed is said, never guessed.
 */
export class OrderedHash {
  readonly #budget: ReorderBudget;
  #hash: Hash | undefined;
  /** Where the hashed stretch begins; null until something is hashed. */
  #from: number | null = null;
  #next = 0;
  #total = 0;
  /** Sorted by offset, without overlap. */
  #early: Piece[] = [];
  #lost: string | null = null;
  /** Where the bytes of the range under way go. */
  #into: 'hash' | Piece | null = null;
  #filled = 0;
  /** Bytes of the range under way that are still to come. */
  #missing = 0;

  constructor(budget: ReorderBudget) {
    this.#budget = budget;
  }

  /** The end of the stretch hashed so far. */
  get next(): number {
    return this.#next;
  }

  /** What comes first begins here. */
  startAt(offset: number): void {
    this.#next = offset;
  }

  /** A range begins; its bytes follow by `add`, all of them before the next range. */
  begin(offset: number, length: number): void {
    this.#total += length;
    this.#missing = length;
    this.#filled = 0;
    this.#into = length === 0 ? null : this.#place(offset, length);
  }

  add(bytes: Buffer): void {
    this.#missing -= bytes.length;
    if (this.#into === null || this.#lost !== null) return;
    if (this.#into === 'hash') {
      this.#take(bytes);
      if (this.#early.length > 0) this.#drain();
      return;
    }
    bytes.copy(this.#into.bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** From here on there is no hash, only a count; the first reason stays. */
  lose(why: string): void {
    this.#lost ??= why;
    this.#release();
  }

  /** What passed in all. No more ranges come. */
  result(): Stretch {
    this.#breakOff();
    this.#rebase();
    if (this.#early.length > 0) this.lose('parts in between are missing');
    this.#hash ??= createHash('sha256');
    const sha256 = this.#lost === null ? this.#hash.digest('hex') : null;
    return { from: this.#from ?? 0, bytes: this.#total, sha256, why: this.#lost };
  }

  /** The connection ended within a range: what did not come is not counted, and no bytes are made up for it. */
  #breakOff(): void {
    this.#total -= this.#missing;
    if (this.#missing > 0 && this.#into !== null && this.#into !== 'hash' && this.#lost === null) {
      this.#budget.give(this.#missing - costOfPiece);
      this.#into.bytes = this.#into.bytes.subarray(0, this.#filled);
    }
    this.#missing = 0;
  }

  #place(offset: number, length: number): 'hash' | Piece | null {
    if (this.#lost !== null) return null;
    // A transfer that begins far behind is a resumed one or a segment: nothing before it is waited for.
    if (this.#from === null && this.#early.length === 0 && offset > mostOutOfOrder) this.#next = offset;
    if (offset === this.#next && !this.#overlaps(offset, length)) return 'hash';
    if (offset < this.#next || this.#overlaps(offset, length)) {
      this.lose('parts passed more than once');
      return null;
    }
    if (!this.#budget.take(length)) {
      this.#rebase();
      if (offset === this.#next) return 'hash';
      if (!this.#budget.take(length)) {
        this.lose('the order of its parts could not be followed');
        return null;
      }
    }
    const piece = { offset, bytes: Buffer.allocUnsafeSlow(length) };
    this.#early.splice(this.#index(offset), 0, piece);
    return piece;
  }

  #take(bytes: Buffer): void {
    this.#from ??= this.#next;
    this.#hash ??= createHash('sha256');
    this.#hash.update(bytes);
    this.#next += bytes.length;
  }

  #drain(): void {
    for (let head = this.#early[0]; head?.offset === this.#next; head = this.#early[0]) {
      this.#early.shift();
      this.#budget.give(head.bytes.length);
      this.#take(head.bytes);
    }
  }

  /** Nothing came from the beginning: the stretch begins where the first piece does. */
  #rebase(): void {
    const [first] = this.#early;
    if (this.#from !== null || first === undefined || this.#lost !== null) return;
    this.#next = first.offset;
    this.#drain();
  }

  #overlaps(offset: number, length: number): boolean {
    const at = this.#index(offset);
    const before = this.#early[at - 1];
    const after = this.#early[at];
    if (before !== undefined && before.offset + before.bytes.length > offset) return true;
    return after !== undefined && after.offset < offset + length;
  }

  /** Place of the first piece at or behind an offset. */
  #index(offset: number): number {
    let low = 0;
    for (let high = this.#early.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((this.#early[middle]?.offset ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #release(): void {
    for (const { bytes } of this.#early.splice(0)) this.#budget.give(bytes.length);
  }
}
