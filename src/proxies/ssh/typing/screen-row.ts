/** The row that the cursor stands in, as long as it is simply written from left to right. */
export class ScreenRow {
  #codes: number[] = [];
  #bad = false;
  #returned = false;

  /** Null when the row was drawn in a way that this does not follow. */
  get codes(): readonly number[] | null {
    return this.#bad ? null : this.#codes;
  }

  char(code: number): void {
    if (this.#returned) this.clear();
    this.#codes.push(code);
    if (this.#codes.length > longestRow) this.spoil();
  }

  home(): void {
    this.#returned = true;
  }

  /** The row can not be told any more until the next one begins. */
  spoil(): void {
    this.#bad = true;
    this.#codes = [];
  }

  clear(): void {
    this.#codes = [];
    this.#bad = false;
    this.#returned = false;
  }
}

const longestRow = 8192;
