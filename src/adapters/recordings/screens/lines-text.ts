import type { IBuffer, IBufferCell, IBufferLine } from '@xterm/headless';
import { backgroundOf, sgr } from './sgr.ts';
import { attributesOf } from './xterm-core.ts';

const csi = '\u001b[';

/** All lines of a buffer, so that a fresh terminal that is given them scrolls as many of them away. */
export function linesText(buffer: IBuffer): string {
  let text = '';
  for (let row = 0; row < buffer.length; row += 1) {
    const line = buffer.getLine(row);
    if (line === undefined) break;
    text += lineText(line);
    // Behind the last line a full buffer gives its first one.
    const next = row + 1 < buffer.length ? buffer.getLine(row + 1) : undefined;
    if (next !== undefined && !wraps(line, next)) text += '\r\n';
  }
  return text;
}

/** Whether writing on from this line leads to the next one by itself, so that it is known as its continuation. */
function wraps(line: IBufferLine, next: IBufferLine): boolean {
  const last = line.getCell(line.length - 1);
  const isFull = last !== undefined && (last.getChars() !== '' || last.getWidth() === 0);
  return next.isWrapped && isFull && next.getCell(0)?.getChars() !== '';
}

/** The cells of a line, written from its first column on with plain attributes before and after. */
export function lineText(line: IBufferLine): string {
  let text = '';
  let style = plain;
  let empty = 0;
  const skip = (): void => {
    if (empty > 0) text += `${hasBackground.test(style) ? `${csi}${String(empty)}X` : ''}${csi}${String(empty)}C`;
    empty = 0;
  };
  let cell: IBufferCell | undefined;
  for (let column = 0; column < line.length; column += 1) {
    cell = line.getCell(column, cell);
    if (cell === undefined) break;
    // Behind a wide character.
    if (cell.getWidth() === 0) continue;
    const wanted = cell.getChars() === '' ? backgroundOf(attributesOf(cell)) : sgr(attributesOf(cell));
    if (wanted !== style) {
      skip();
      text += wanted;
      style = wanted;
    }
    if (cell.getChars() === '') empty += 1;
    else {
      skip();
      text += cell.getChars();
    }
  }
  if (empty > 0 && hasBackground.test(style)) text += `${csi}${String(empty)}X`;
  return style === plain ? text : text + plain;
}

const plain = `${csi}0m`;
/** Erased cells have one, written or not. */
const hasBackground = /;(?:4|10)\d/;
