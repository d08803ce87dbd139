import type { IBuffer, Terminal } from '@xterm/headless';
import { lineText, linesText } from './lines-text.ts';
import { sgr } from './sgr.ts';
import { attributesOf, type Core, type CoreBuffer, coreOf } from './xterm-core.ts';

const csi = '\u001b[';

/**
 * A text that brings a fresh terminal of this size to where this one is: its lines, those scrolled away among them, and the
 * modes that programs set: scroll region, tab stops, saved cursor, character sets, the cursor behind the last column. It is
 * made of cells and numbers alone, so that no title, link or question of the recording can be in it (security rule X1).
 */
export function screenText(terminal: Terminal): string {
  const core = coreOf(terminal);
  const { normal, alt } = core.buffers;
  const isAlternate = terminal.buffer.active.type === 'alternate';
  return [
    linesText(terminal.buffer.normal),
    isAlternate ? alternate(normal, terminal) : '',
    tabStops(isAlternate ? alt : normal, terminal.cols),
    savedCursor(isAlternate ? alt : normal, terminal.buffer.active),
    charsets(core),
    region(isAlternate ? alt : normal),
    terminal.modes.originMode ? `${csi}?6h` : '',
    cursor(core, terminal),
    modes(core, terminal),
  ].join('');
}

/**
 * Going to the alternate screen keeps the cursor of the other one, for coming back: also one behind the last column, where
 * no restoring brings it.
 */
function alternate(normal: CoreBuffer, terminal: Terminal): string {
  const lines = Array.from({ length: terminal.rows }, (_, row) => {
    const line = terminal.buffer.alternate.getLine(row);
    return line === undefined ? '' : `${csi}${String(row + 1)};1H${lineText(line)}`;
  });
  return `${region(normal)}${savedCursor(normal, terminal.buffer.normal)}${csi}?1049h${csi}0m${csi}2J${lines.join('')}`;
}

function tabStops({ tabs, y }: CoreBuffer, columns: number): string {
  const stops = Array.from({ length: columns }, (_, column) => column).filter((column) => tabs[column] === true);
  const asEver = stops.every((stop) => stop % 8 === 0) && stops.length === Math.ceil(columns / 8);
  if (asEver) return '';
  return `${csi}3g${stops.map((column) => `${csi}${String(y + 1)};${String(column + 1)}H\u001bH`).join('')}`;
}

function savedCursor({ savedX, savedY, savedCurAttrData, ybase }: CoreBuffer, buffer: IBuffer): string {
  const row = Math.max(0, savedY - ybase);
  return `${cursorAt(buffer, row, savedX, row)}${sgr(savedCurAttrData)}\u001b7`;
}

/** Line drawing is the one other character set that programs use. */
function charsets({ _charsetService: { _charsets, glevel } }: Core): string {
  const drawn = ['(', ')', '*', '+'].filter((_, place) => _charsets[place]?.q === '─');
  return drawn.map((place) => `\u001b${place}0`).join('') + (['', '\u000e', '\u001bn', '\u001bo'][glevel] ?? '');
}

function region({ scrollTop, scrollBottom }: CoreBuffer): string {
  return `${csi}${String(scrollTop + 1)};${String(scrollBottom + 1)}r`;
}

function cursor({ buffer: { x, y, scrollTop }, _inputHandler }: Core, terminal: Terminal): string {
  const row = terminal.modes.originMode ? y - scrollTop : y;
  return cursorAt(terminal.buffer.active, row, x, y) + sgr(_inputHandler._curAttrData);
}

/** `row` is as the terminal counts it now, `y` from the top of the screen. */
function cursorAt(buffer: IBuffer, row: number, x: number, y: number): string {
  const to = (column: number): string => `${csi}${String(row + 1)};${String(column + 1)}H`;
  const line = buffer.getLine(buffer.baseY + y);
  if (line === undefined || x < line.length) return to(x);
  // Only what is written into the last column brings the cursor behind it.
  const column = line.length - (line.getCell(line.length - 1)?.getWidth() === 0 ? 2 : 1);
  const cell = line.getCell(column);
  if (cell === undefined) return to(column);
  return to(column) + sgr(attributesOf(cell)) + (cell.getChars() === '' ? ' ' : cell.getChars());
}

function modes({ coreService }: Core, { modes: now }: Terminal): string {
  return [
    now.applicationCursorKeysMode ? `${csi}?1h` : '',
    now.applicationKeypadMode ? `${csi}?66h` : '',
    now.bracketedPasteMode ? `${csi}?2004h` : '',
    now.insertMode ? `${csi}4h` : '',
    now.reverseWraparoundMode ? `${csi}?45h` : '',
    now.wraparoundMode ? '' : `${csi}?7l`,
    coreService.isCursorHidden ? `${csi}?25l` : '',
  ].join('');
}
