import type { Key } from './keys.ts';

/** The text of a line that was typed before its prompt came, and that a row of the screen is expected to show. */
export class SoughtText {
  #text: number[] | null;

  /** `shown` is on the screen already, `keys` are to come. */
  constructor(shown: readonly number[], keys: readonly Key[]) {
    this.#text = [...shown];
    for (const key of keys) this.add(key);
  }

  /** Something else than text was typed: no row can be told to be this line. */
  get lost(): boolean {
    return this.#text === null;
  }

  add(key: Key): void {
    if (key.kind === 'text') this.#text?.push(key.code);
    else if (key.kind !== 'enter' && key.kind !== 'paste') this.forget();
  }

  forget(): void {
    this.#text?.fill(0);
    this.#text = null;
  }

  /** The text when `row` ends with the prompt and then the text; `whole`: the row has ended. */
  foundIn(row: readonly number[], prompt: readonly number[], whole: boolean): number[] | null {
    const text = this.#text;
    if (text === null || prompt.length < 2 || (text.length === 0 && !whole)) return null;
    // A question without an echoed answer may stand before the prompt.
    const from = row.length - prompt.length - text.length;
    if (from < 0 || !stands(row, from + prompt.length, text) || !stands(row, from, prompt)) return null;
    return text;
  }
}

/** Whether `part` stands in `row` from there on; at most as many comparisons as the row is long. */
function stands(row: readonly number[], from: number, part: readonly number[]): boolean {
  return part.every((code, at) => row[from + at] === code);
}
