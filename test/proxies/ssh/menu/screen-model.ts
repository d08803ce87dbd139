import { widthOf } from '../../../../src/proxies/ssh/menu/text-width.ts';

/** What the menu may send: anything else is an error. */
const known = /^\u001b\[(?:\?1049[hl]|2?J|H|K|7?m|(\d+);(\d+)H)/;

/** A terminal that knows what the menu's own sequences do, and nothing else. Each cell holds a character with its marks. */
export class ScreenModel {
  #cells: string[][] = [];
  #row = 0;
  #column = 0;
  #reverse = false;
  readonly #size: { columns: number; rows: number };
  /** Lines drawn in reverse. */
  readonly marked = new Set<number>();
  alternate = false;

  constructor(columns: number, rows: number) {
    this.#size = { columns, rows };
    this.#clear(0, 0);
  }

  feed(output: string): void {
    for (let rest = output; rest !== ''; ) {
      const sequence = known.exec(rest);
      if (sequence !== null) {
        this.#act(sequence);
        rest = rest.slice(sequence[0].length);
        continue;
      }
      const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      this.#put(character);
      rest = rest.slice(character.length);
    }
  }

  get lines(): string[] {
    return this.#cells.map((row) => row.join('').trimEnd());
  }

  get cursor(): { readonly row: number; readonly column: number } {
    return { row: this.#row, column: this.#column };
  }

  /** The line that is marked, without its mark. */
  get markedLine(): string {
    const [row] = this.marked;
    return (this.lines[row ?? -1] ?? '').replace(/^> /, '');
  }

  #act([sequence, row, column]: RegExpExecArray): void {
    switch (sequence.slice(2)) {
      case '?1049h':
      case '?1049l':
        this.alternate = sequence.endsWith('h');
        return;
      case '2J':
        this.#clear(0, 0);
        return;
      case 'J':
        this.#clear(this.#row, this.#column);
        return;
      case 'K':
        this.#clearLine(this.#row, this.#column);
        return;
      case '7m':
      case 'm':
        this.#reverse = sequence.endsWith('7m');
        return;
      default:
        this.#row = Number(row ?? 1) - 1;
        this.#column = Number(column ?? 1) - 1;
        if (this.#row >= this.#size.rows || this.#column >= this.#size.columns)
          throw new Error('the cursor left the screen');
    }
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') {
      this.#row += 1;
      if (this.#row >= this.#size.rows) throw new Error('the screen scrolled');
    } else if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character)) {
      throw new Error(`sent U+${(character.codePointAt(0) ?? 0).toString(16)}`);
    } else this.#draw(character, widthOf(character));
  }

  #draw(character: string, width: number): void {
    if (this.#column + width > this.#size.columns - 1) throw new Error('drew in the last column');
    const row = this.#cells[this.#row] ?? [];
    if (width === 0) row[this.#column - 1] = `${row[this.#column - 1] ?? ''}${character}`;
    else {
      if (this.#column === 0 && !this.#reverse) this.marked.delete(this.#row);
      row[this.#column] = character;
      if (width === 2) row[this.#column + 1] = '';
      this.#column += width;
      if (this.#reverse) this.marked.add(this.#row);
    }
  }

  #clear(row: number, column: number): void {
    this.#cells = Array.from({ length: this.#size.rows }, (_, index) => this.#cells[index] ?? []);
    this.#clearLine(row, column);
    for (let below = row + 1; below < this.#size.rows; below += 1) this.#clearLine(below, 0);
  }

  #clearLine(row: number, column: number): void {
    const kept = this.#cells[row] ?? [];
    this.#cells[row] = Array.from({ length: this.#size.columns }, (_, index) =>
      index < column ? (kept[index] ?? ' ') : ' ',
    );
    if (column === 0) this.marked.delete(row);
  }
}
