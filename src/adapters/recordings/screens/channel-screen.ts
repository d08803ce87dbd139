import unicode from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import type { RecordEntry } from '../../../application/ports/recordings.ts';
import { jsonOf, type Size, sizeOf } from '../record-data.ts';
import { isShown, ShownText, type TextState } from '../replay/shown-text.ts';
import { screenText } from './screen-text.ts';

/** Lines that are kept of what was scrolled away. */
const scrollback = 1_000;
/** No terminal of a recording is made larger, whatever it says. */
const largest: Size = { columns: 1_000, rows: 500 };
/** Text that waits for the emulator, in UTF-16 units: many small records are taken at once. */
const together = 128 * 1024;

/** A channel's screen at a moment, as it is kept and as a player gets it. */
export interface ScreenState extends Size {
  /** With a terminal; without one a line feed begins a line. */
  readonly pty: boolean;
  readonly ended: boolean;
  /** What a fresh terminal of this size is to be given. */
  readonly screen: string;
  readonly text: readonly TextState[];
}

/** The terminal emulator of one channel. */
export class ChannelScreen {
  #terminal: InstanceType<typeof xterm.Terminal>;
  #text: ShownText;
  #waiting = '';
  #pty = true;
  #ended = false;

  constructor(state?: ScreenState) {
    this.#text = new ShownText(state?.text);
    this.#pty = state?.pty ?? true;
    this.#ended = state?.ended ?? false;
    this.#terminal = terminalOf(state ?? { columns: 80, rows: 24 }, this.#pty);
    this.#waiting = state?.screen ?? '';
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** As many as it can come to have, with what is scrolled away and the alternate screen. */
  get cells(): number {
    return this.#terminal.cols * (2 * this.#terminal.rows + scrollback);
  }

  /** A record of this channel; what it gives has to be waited for. */
  take(entry: RecordEntry): Promise<void> | undefined {
    if (isShown(entry)) {
      this.#waiting += this.#text.next(entry);
      return this.#waiting.length >= together ? this.#flush() : undefined;
    }
    const size = sizeOf(entry);
    if (entry.kind === 'channel') return this.#channel(entry, size);
    return size === undefined ? undefined : this.#resize(size);
  }

  async state(): Promise<ScreenState> {
    await this.#flush();
    const { cols: columns, rows } = this.#terminal;
    const screen = screenText(this.#terminal);
    return { columns, rows, pty: this.#pty, ended: this.#ended, screen, text: this.#text.states() };
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  async #flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') await new Promise<void>((resolve) => this.#terminal.write(text, resolve));
  }

  async #resize(size: Size): Promise<void> {
    await this.#flush();
    const { columns, rows } = bounded(size);
    this.#terminal.resize(columns, rows);
  }

  async #channel(entry: RecordEntry, size: Size | undefined): Promise<void> {
    const { event } = jsonOf(entry) ?? {};
    if (event === 'ended') this.#ended = true;
    if (event !== 'started') return;
    await this.#flush();
    this.#terminal.dispose();
    this.#text = new ShownText();
    this.#pty = size !== undefined;
    this.#ended = false;
    this.#terminal = terminalOf(size ?? { columns: 80, rows: 24 }, this.#pty);
  }
}

function terminalOf(size: Size, pty: boolean): InstanceType<typeof xterm.Terminal> {
  const { columns, rows } = bounded(size);
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback,
    convertEol: !pty,
    allowProposedApi: true,
    logLevel: 'off',
  });
  terminal.loadAddon(new unicode.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  return terminal;
}

/** xterm.js makes no terminal of fewer than two columns. */
function bounded({ columns, rows }: Size): Size {
  return { columns: Math.min(Math.max(columns, 2), largest.columns), rows: Math.min(Math.max(rows, 1), largest.rows) };
}
