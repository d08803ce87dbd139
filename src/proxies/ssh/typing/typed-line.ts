import type { Key, Unknown } from './keys.ts';
import { SoughtText } from './sought-text.ts';

/** What one line left for the recording. */
export interface LineResult {
  /** The bytes of the keys whose echo was seen, in order; empty when there are none. */
  readonly input: Uint8Array;
  /** How many bytes more were typed. */
  readonly hidden: number;
  readonly statement:
    | { readonly line: string; readonly known: true }
    | { readonly known: false; readonly why: Unknown }
    | null;
}

/** Longer lines are hidden. */
const longestLine = 4096;
const marks = /\p{M}|\u200d/u;

/**
 * One line from its first key to the echo of Enter. A key counts as echoed only when the very next thing that the output
 * does is its echo; the first output that is none, while the line is open, hides the whole line.
 */
export class TypedLine {
  #prompt: readonly number[] | null;
  /** True from Enter on, or ^C. */
  ended = false;
  /** Nothing more is waited for. */
  done = false;
  #status: 'echoing' | 'searching' | 'hidden' = 'echoing';
  #why: Unknown | null = null;
  #pending: Key[] = [];
  #sought: SoughtText | null = null;
  /** The line as it stands on the screen; `#row` is where its last row begins, `#at` where the cursor stands. */
  #text: number[] = [];
  #row = 0;
  #at = 0;
  #echoed: number[] = [];
  #bytes = 0;
  #entered = false;
  /** A terminal driver erases by "back, blank, back": the blank has come. */
  #blank = false;
  #erasing = false;
  #cursorUnknown = false;
  #redrawn = false;
  #interrupting = false;

  /** `prompt`: the text of the row before the first key, null when it is not known. */
  constructor(prompt: readonly number[] | null) {
    this.#prompt = prompt;
  }

  get prompt(): readonly number[] | null {
    return this.#prompt;
  }

  /** Something typed has no echo yet. */
  get waits(): boolean {
    return this.#status !== 'hidden' && (this.#pending.length > 0 || this.#status === 'searching');
  }

  get #empty(): boolean {
    return this.#pending.length === 0 && this.#text.length === 0;
  }

  /** Bytes that are kept in memory until their echo comes. */
  get held(): number {
    return this.#status === 'hidden' ? 0 : this.#bytes;
  }

  get searching(): boolean {
    return this.#status === 'searching';
  }

  type(key: Key): void {
    this.#bytes += key.raw.length;
    if (key.kind === 'answer' || (key.kind === 'end-of-input' && this.#empty)) return;
    if (key.kind === 'enter' || key.kind === 'interrupt') {
      this.ended = true;
      this.#entered = key.kind === 'enter';
    }
    if (this.#bytes > longestLine) this.hide('too-long');
    if (this.#status === 'hidden' || this.#why !== null) return;
    if (key.kind === 'unknown' || key.kind === 'end-of-input') {
      this.#why = key.kind === 'unknown' ? key.why : 'editing';
      // The line is searched for by its text: that is not known any more.
      if (this.#status === 'searching') this.hide(this.#why);
      return;
    }
    this.#pending.push(key);
    this.#sought?.add(key);
    this.#settle();
  }

  /** Forgets what was typed; only its length is left. */
  hide(why: Unknown): void {
    if (this.#status === 'hidden') return;
    this.#status = 'hidden';
    this.#why = why;
    for (const { raw } of this.#pending) raw.fill(0);
    this.#pending = [];
    this.#sought?.forget();
    this.#text.fill(0);
    this.#text = [];
    this.#echoed.fill(0);
    this.#echoed = [];
  }

  /**
   * The line as a row of the screen shows it, when it was typed before its prompt came: right behind a prompt that stood
   * before an echoed line. `whole`: the row has ended.
   */
  foundIn(row: readonly number[], prompt: readonly number[] | null, whole: boolean): boolean {
    if (whole !== this.ended || prompt === null) return false;
    const text = this.#sought?.foundIn(row, prompt, whole) ?? null;
    if (text === null) return false;
    this.#sought = null;
    for (const { raw } of this.#pending) this.#echoed.push(...raw);
    this.#pending = [];
    this.#text = text;
    this.#at = text.length;
    this.#prompt = prompt;
    this.#status = 'echoing';
    this.done = whole;
    return true;
  }

  char(code: number): void {
    if (!this.#watches()) return;
    const head = this.#pending[0];
    const text = this.#text;
    if (head?.kind === 'interrupt' && this.#at === text.length) {
      // ^C is echoed as these two characters.
      if (code === 0x5e && !this.#interrupting) this.#interrupting = true;
      else if (this.#interrupting && code === 0x40 + (head.raw[0] ?? 0)) this.#end();
      else this.#mismatch();
      return;
    }
    const erases = erasing(head) || this.#erasing;
    if (code === 0x20 && erases && this.#at === text.length - 1) {
      this.#blank = true;
      this.#at += 1;
    } else if (this.#at < text.length) {
      // A redraw: only what stands there already.
      const there = this.#at < 0 ? this.#prompt?.at(this.#at) : text[this.#at];
      if (head !== undefined && there === code && !this.#cursorUnknown) this.#at += 1;
      else this.#mismatch();
    } else if (head?.kind === 'text' && head.code === code && !this.#cursorUnknown) {
      text.push(code);
      this.#at += 1;
      this.#pop();
    } else this.#mismatch();
  }

  moved(columns: number): void {
    if (!this.#watches()) return;
    if (this.#blank && columns === -1) {
      this.#blank = false;
      this.#cut(this.#text.length - 1);
      this.#erasing = true;
      if (erasing(this.#pending[0])) this.#pop();
      return;
    }
    this.#at += columns;
    const open = this.#pending.length > 0 || this.#erasing;
    if (!open || this.#at > this.#text.length || this.#at < -(this.#prompt?.length ?? 0)) this.#mismatch();
  }

  home(): void {
    if (!this.#watches()) return;
    if (this.#pending.length === 0) {
      // Readline goes to the left edge once more after a line break in a paste.
      if (this.#row !== this.#text.length || this.#row === 0) this.#mismatch();
      return;
    }
    if (this.#row > 0) this.#at = this.#row;
    else if (this.#prompt === null) this.#cursorUnknown = true;
    else this.#at = -this.#prompt.length;
  }

  newline(): void {
    if (this.#status === 'hidden' || (this.#why !== null && this.#pending.length === 0)) {
      this.done = this.ended;
      return;
    }
    if (!this.#watches(true)) return;
    const head = this.#pending[0];
    if (head?.kind === 'enter') this.#end();
    else if (head?.kind === 'newline') {
      this.#text.push(0x0a);
      this.#row = this.#text.length;
      this.#at = this.#row;
      this.#pop();
    } else this.#mismatch();
  }

  erased(): void {
    if (!this.#watches() || (this.#at === this.#text.length && !this.#cursorUnknown)) return;
    const head = this.#pending[0];
    if (!erasing(head) || this.#at < this.#row || this.#cursorUnknown) {
      this.#mismatch();
      return;
    }
    const wide = this.#text.some((code) => code > 0x2ff);
    if (head.kind === 'erase') {
      // A wide character takes two columns, and is one.
      if (this.#at === this.#text.length - 1 || wide) this.#cut(this.#text.length - 1);
      else this.#mismatch();
    } else {
      if (wide && this.#at > 0) this.#why = 'editing';
      this.#cut(this.#at);
    }
    if (this.#status === 'echoing') this.#pop();
  }

  up(): void {
    if (!this.#watches()) return;
    // At Enter readline draws a pasted block once more without its colours: all of it has been echoed before.
    if (this.#row > 0 && this.#pending[0]?.kind === 'enter') this.#redrawn = true;
    else this.#mismatch();
  }

  other(): void {
    if (this.#watches()) this.#mismatch();
  }

  result(): LineResult {
    if (this.waits) this.hide('not-echoed');
    const seen = this.#status === 'echoing' ? Uint8Array.from(this.#echoed) : new Uint8Array();
    const line = String.fromCodePoint(...this.#text);
    const result: LineResult = { input: seen, hidden: this.#bytes - seen.length, statement: this.#statement(line) };
    this.hide('not-echoed');
    return result;
  }

  #statement(line: string): LineResult['statement'] {
    if (!this.#entered) return null;
    if (this.#status !== 'echoing' || !this.done) return { known: false, why: this.#why ?? 'not-echoed' };
    if (this.#why !== null) return { known: false, why: this.#why };
    return line.trim() === '' ? null : { line, known: true };
  }

  /** False when output tells nothing about this line. */
  #watches(newline = false): boolean {
    if (this.#status !== 'echoing' || this.done) return false;
    if (this.#redrawn && !newline) return false;
    return this.#why === null || this.#pending.length > 0;
  }

  #end(): void {
    this.#pop();
    this.done = true;
  }

  #pop(): void {
    const head = this.#pending.shift();
    if (head === undefined) return;
    this.#echoed.push(...head.raw);
    if (head.kind === 'text') this.#erasing = false;
    this.#settle();
  }

  /** Keys that have no echo: the marks of a paste, and erasing where nothing is. */
  #settle(): void {
    for (let head = this.#pending[0]; head !== undefined; head = this.#pending[0]) {
      if (head.kind !== 'paste' && !(erasing(head) && this.#text.length === this.#row)) return;
      this.#pending.shift();
      this.#echoed.push(...head.raw);
    }
  }

  #cut(length: number): void {
    const gone = this.#text.splice(Math.max(0, length));
    if (gone.some((code) => marks.test(String.fromCodePoint(code)))) this.#why = 'editing';
    this.#at = this.#text.length;
  }

  /** Typed ahead, perhaps: then the line shows up behind the next prompt. Otherwise nobody echoes. */
  #mismatch(): void {
    const known = this.#status !== 'hidden' && this.#why === null && this.#row === 0;
    const sought = known ? new SoughtText(this.#text, this.#pending) : null;
    if (sought?.lost !== false) {
      this.hide('not-echoed');
      return;
    }
    this.#status = 'searching';
    this.#sought = sought;
  }
}

function erasing(key: Key | undefined): key is Key & { readonly kind: 'erase' | 'erase-word' | 'erase-line' } {
  return key?.kind === 'erase' || key?.kind === 'erase-word' || key?.kind === 'erase-line';
}
