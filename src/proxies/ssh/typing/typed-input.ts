import { type Key, keyReader } from './keys.ts';
import { screenReader } from './screen.ts';
import { ScreenRow } from './screen-row.ts';
import { type LineResult, TypedLine } from './typed-line.ts';

/** How long what was typed is kept without its echo. */
const echoMilliseconds = 5_000;
/** Lines that wait for their echo, typed ahead or pasted; with more of them all are hidden. */
const mostWaiting = 256;
/** And so many bytes of all of them, when another line begins. */
const mostHeld = 16_384;

/**
 * What a person types on one terminal, kept in memory until the output shows it (docs/protocols/recording.md, Typed
 * input). SSH tells nobody whether the target echoes; so nothing is taken as echoed that the output did not show.
 */
export class TypedInput {
  readonly #emit: (result: LineResult) => void;
  readonly #readKey = keyReader();
  readonly #readScreen: (byte: number) => void;
  readonly #row = new ScreenRow();
  #lines: TypedLine[] = [];
  /** What stood before the last line that was echoed. */
  #prompt: readonly number[] | null = null;
  #fullScreen = false;
  /** Bytes typed while a program had the whole screen. */
  #unseen = 0;
  /** There was output since the last Enter. */
  #answered = false;
  #progress = 0;

  constructor(emit: (result: LineResult) => void) {
    this.#emit = emit;
    this.#readScreen = screenReader({
      char: (code) => {
        this.#row.char(code);
        this.#tell((line) => line.char(code));
      },
      moved: (columns) => {
        this.#row.spoil();
        this.#tell((line) => line.moved(columns));
      },
      home: () => {
        this.#row.home();
        this.#tell((line) => line.home());
      },
      newline: () => {
        this.#tell((line) => line.newline());
        this.#search(true);
        this.#row.clear();
      },
      erased: () => this.#tell((line) => line.erased()),
      up: () => {
        this.#row.spoil();
        this.#tell((line) => line.up());
      },
      other: () => {
        this.#row.spoil();
        this.#tell((line) => line.other());
      },
      fullScreen: (taken) => this.#takeScreen(taken),
    });
  }

  /** When `tick` is needed at the latest; null: not at all. In the clock of `now`, milliseconds. */
  get deadline(): number | null {
    return this.#lines.some((line) => line.waits || line.ended) ? this.#progress + echoMilliseconds : null;
  }

  /** Bytes on their way to the target. */
  typed(bytes: Uint8Array, now: number): void {
    this.#progress = now;
    for (const byte of bytes) {
      const key = this.#readKey(byte);
      if (key !== undefined) this.#type(key);
    }
  }

  /** Bytes on their way to the person. */
  shown(bytes: Uint8Array, now: number): void {
    const before = this.#lines.length;
    for (const byte of bytes) this.#readScreen(byte);
    this.#answered = true;
    this.#search(false);
    if (this.#lines.length < before) this.#progress = now;
  }

  /** Hides what has waited too long for its echo. */
  tick(now: number): void {
    if (this.deadline === null || now < this.deadline) return;
    for (const line of this.#lines) if (line.waits) line.hide('not-echoed');
    while (this.#lines[0]?.ended === true) this.#finish();
  }

  /** Nothing more comes: tells what is left. */
  end(): void {
    while (this.#lines.length > 0) this.#finish();
    this.#tellUnseen();
  }

  #type(key: Key): void {
    if (this.#fullScreen) {
      this.#unseen += key.raw.length;
      return;
    }
    // A line without an echo has no end on the screen either: what the program said next is its end.
    if (this.#answered && this.#lines.length === 1 && this.#lines[0]?.ended === true && !this.#lines[0].waits) {
      this.#finish();
    }
    let line = this.#lines.at(-1);
    if (line === undefined || line.ended) {
      if (this.#lines.length >= mostWaiting || this.#held() > mostHeld) this.#hideAll();
      line = new TypedLine(this.#lines.length === 0 ? this.#copyOfRow() : this.#prompt);
      this.#lines.push(line);
    }
    line.type(key);
    if (line.ended) this.#answered = false;
  }

  #held(): number {
    return this.#lines.reduce((sum, line) => sum + line.held, 0);
  }

  #copyOfRow(): readonly number[] | null {
    const { codes } = this.#row;
    return codes === null ? null : [...codes];
  }

  /** Output means the first line that has not turned out to be typed ahead; those before it show up as a whole row. */
  #tell(tell: (line: TypedLine) => void): void {
    const at = this.#lines.findIndex((line) => !line.searching);
    const line = this.#lines[at];
    if (line === undefined) return;
    tell(line);
    if (!line.done) return;
    const { prompt } = line;
    for (let before = 0; before < at; before += 1) this.#finish();
    if (this.#finish() && prompt !== null && prompt.length > 0) this.#prompt = prompt;
  }

  /** Looks for lines that were typed ahead; `whole`: the row has ended. */
  #search(whole: boolean): void {
    if (this.#lines[0]?.searching !== true) return;
    const row = this.#row.codes ?? [];
    const found = this.#lines.findIndex((line) => line.searching && line.foundIn(row, this.#prompt, whole));
    if (found < 0) return;
    for (let before = 0; before < found; before += 1) this.#finish();
    if (whole) this.#finish();
  }

  #takeScreen(taken: boolean): void {
    this.#fullScreen = taken;
    this.#row.spoil();
    if (taken) this.#hideAll();
    else this.#tellUnseen();
  }

  #hideAll(): void {
    for (const line of this.#lines) line.hide('full-screen');
    while (this.#lines.length > 0) this.#finish();
  }

  #tellUnseen(): void {
    if (this.#unseen === 0) return;
    const statement = { known: false, why: 'full-screen' } as const;
    this.#emit({ input: new Uint8Array(), hidden: this.#unseen, statement });
    this.#unseen = 0;
  }

  /** Takes the first line off; true when it is known. */
  #finish(): boolean {
    const line = this.#lines.shift();
    if (line === undefined) return false;
    const result = line.result();
    this.#emit(result);
    return result.statement?.known === true;
  }
}
