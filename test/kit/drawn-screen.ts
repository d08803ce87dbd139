import unicode from '@xterm/addon-unicode11';
import xterm, { type IBufferCell } from '@xterm/headless';
import { coreOf } from '../../src/adapters/recordings/screens/xterm-core.ts';

/** A screen as a player has drawn it; colours as CSS writes them, null the usual one. */
export interface DrawnScreen {
  readonly columns: number;
  readonly rows: number;
  readonly theme: { readonly foreground: string; readonly background: string; readonly palette: readonly string[] };
  readonly lines: readonly (readonly DrawnText[])[];
  /** Of each cell of each line. */
  readonly behind: readonly (readonly (string | null)[])[];
}

interface DrawnText {
  readonly column: number;
  readonly text: string;
  readonly color: string | null;
  /** The classes of its attributes. */
  readonly look: string;
}

/** Each character that is not a blank in plain looks, as `row:column character colour on colour look`. */
export type SeenCells = readonly string[];

/** What a player drew, with the columns of the characters as `ours` has them: it says only where a text begins. */
export function cellsDrawn({ lines, behind, theme }: DrawnScreen, wide: ReadonlySet<string>): SeenCells {
  return lines.flatMap((line, row) =>
    line.flatMap(({ column: begins, text, color, look }) => {
      let column = begins;
      return Array.from(text).flatMap((character) => {
        const at = column;
        column += wide.has(character) ? 2 : 1;
        return seen(row, at, character, color ?? theme.foreground, behind[row]?.[at] ?? null, look);
      });
    }),
  );
}

export interface OwnScreen {
  readonly columns: number;
  readonly rows: number;
  readonly screen: string;
}

/** What our own player draws of a screen (docs/protocols/http.md, "Recordings in a player"), in the colours of another one. */
export async function cellsOfOurs({ columns, rows, screen }: OwnScreen, theme: DrawnScreen['theme']) {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 1_000, allowProposedApi: true });
  terminal.loadAddon(new unicode.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  await new Promise<void>((resolve) => terminal.write(screen, resolve));
  const { active } = terminal.buffer;
  const isHidden = coreOf(terminal).coreService.isCursorHidden;
  const wide = new Set<string>();
  const cells = Array.from({ length: rows }, (_, row) => row).flatMap((row) =>
    Array.from({ length: columns }, (_, column) => column).flatMap((column) => {
      const cell = active.getLine(active.baseY + row)?.getCell(column);
      if (cell === undefined || cell.getWidth() === 0) return [];
      if (cell.getWidth() === 2) wide.add(cell.getChars());
      const isCursor = !isHidden && row === active.cursorY && column === Math.min(active.cursorX, columns - 1);
      const { front, back } = colorsOf(cell, theme, isCursor !== (cell.isInverse() !== 0));
      return seen(row, column, cell.getChars() || ' ', front, back, lookOf(cell));
    }),
  );
  const isAlternate = active.type === 'alternate';
  terminal.dispose();
  return { cells, wide, isAlternate };
}

function seen(row: number, column: number, character: string, front: string, back: string | null, look: string) {
  // Nobody sees how a blank would be written.
  if (character === ' ') return back === null ? [] : [`${String(row)}:${String(column)} blank on ${back}`];
  return [`${String(row)}:${String(column)} ${character} ${front} on ${back ?? 'nothing'} ${look}`.trim()];
}

function colorsOf(cell: IBufferCell, theme: DrawnScreen['theme'], isSwapped: boolean) {
  const front = colorOf(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor(), theme);
  const back = colorOf(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor(), theme);
  return isSwapped
    ? { front: back ?? theme.background, back: front ?? theme.foreground }
    : { front: front ?? theme.foreground, back };
}

function colorOf(isRgb: boolean, isPalette: boolean, value: number, { palette }: DrawnScreen['theme']): string | null {
  const css = (...parts: readonly number[]): string => `rgb(${parts.join(', ')})`;
  if (isRgb) return css(value >>> 16, (value >>> 8) & 0xff, value & 0xff);
  if (!isPalette) return null;
  if (value < 16) return palette[value] ?? '';
  if (value >= 232) return css(...[0, 0, 0].map(() => 8 + (value - 232) * 10));
  const steps = [0, 95, 135, 175, 215, 255];
  return css(...[36, 6, 1].map((size) => steps[Math.floor((value - 16) / size) % 6] ?? 0));
}

function lookOf(cell: IBufferCell): string {
  const looks = [
    cell.isBold() ? 'ap-bold' : cell.isDim() ? 'ap-faint' : '',
    cell.isItalic() ? 'ap-italic' : '',
    cell.isUnderline() ? 'ap-underline' : '',
    cell.isStrikethrough() ? 'ap-strike' : '',
    cell.isBlink() ? 'ap-blink' : '',
  ];
  return looks.filter((look) => look !== '').join(' ');
}
