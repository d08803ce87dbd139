import type { Terminal } from '@xterm/xterm';
import { newTerminalScreen } from '../../parts/terminal-screen.ts';
import type { RecordLine, Screen, Size } from './shapes.ts';

/** No terminal of a recording is made larger, whatever it says; the server's screens keep to it too. */
const largest = { columns: 1_000, rows: 500 };

/** The terminal that a recording is shown on. Nobody listens to its answers: what is replayed is told nothing (rule X1). */
export class Stage {
  readonly #terminal: Terminal;

  constructor(parent: HTMLElement) {
    this.#terminal = newTerminalScreen(parent, { disableStdin: true, cursorBlink: false, cols: 80, rows: 24 });
    // Keys belong to the player.
    this.#terminal.attachCustomKeyEventHandler(() => false);
    this.#terminal.textarea?.setAttribute('tabindex', '-1');
    this.#terminal.textarea?.setAttribute('aria-hidden', 'true');
  }

  async show({ screen, pty, ...size }: Screen): Promise<void> {
    this.#terminal.reset();
    this.#size(size);
    this.#terminal.options.convertEol = !pty;
    await this.#write(screen);
  }

  /** Draws what a record shows; the other kinds show nothing. */
  async draw(record: RecordLine): Promise<void> {
    const { kind, text, data = {} } = record;
    if (kind === 'output' || kind === 'stderr') await this.#write(text ?? '');
    if (kind === 'resize') this.#size(data);
    if (kind === 'channel' && data.event === 'started') {
      const pty = data.pty as Partial<Size> | null | undefined;
      this.#terminal.options.convertEol = pty === null || pty === undefined;
      this.#size(pty ?? {});
    }
  }

  /** What stands on the screen and above it, as plain text. */
  text(): string {
    const { active } = this.#terminal.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row += 1) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped === true && lines.length > 0) lines.push((lines.pop() ?? '') + text);
      else lines.push(text);
    }
    return lines.join('\n').trimEnd();
  }

  /** Makes letters as large as fits into so many pixels. */
  fit(width: number): void {
    const { cols } = this.#terminal;
    const size = Math.floor((width - 16) / (cols * widthOfLetter));
    this.#terminal.options.fontSize = Math.max(6, Math.min(16, size));
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #size({ columns, rows }: Partial<Size>): void {
    if (typeof columns !== 'number' || typeof rows !== 'number') return;
    const within = (value: number, most: number): number => Math.max(1, Math.min(most, Math.floor(value)));
    this.#terminal.resize(within(columns, largest.columns), within(rows, largest.rows));
  }

  async #write(text: string): Promise<void> {
    await new Promise<void>((resolve) => this.#terminal.write(text, resolve));
  }
}

/** Of a fixed-width font, in parts of its size. */
const widthOfLetter = 0.602;
