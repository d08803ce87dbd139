import type { TerminalRequest, TerminalSize } from '../../../application/ports/target-terminal.ts';
import type { Choice } from './choices.ts';
import { type Key, type Keyboard, press } from './keys.ts';
import { type ListMenu, listMenu, printList, stepList } from './list-menu.ts';
import type { Outcome } from './outcome.ts';
import { leastSize, resizeScreen, type ScreenMenu, screenMenu, stepScreen } from './screen-menu.ts';
import { enterScreen, leaveScreen, paint } from './screen-view.ts';

type Pty = NonNullable<TerminalRequest['pty']>;

/** The menu in the form that the person's terminal can show. */
export type Face =
  | { readonly kind: 'screen'; readonly menu: ScreenMenu }
  | { readonly kind: 'list'; readonly menu: ListMenu };

/** Terminals that are known to draw as xterm and VT220 do. Whatever else calls itself gets no escape sequence. */
const drawing =
  /^(?:xterm|putty|screen|tmux|rxvt|linux|konsole|gnome|vte|alacritty|foot|kitty|wezterm|contour|ghostty|mintty|cygwin|iterm|eterm|st-)|^st$|^vt[1-5]\d\d/i;

/** Keys of one piece that are looked at: more is no typing. */
const mostKeys = 256;
/** Output for one piece of input: more is not shown. */
const mostShown = 64 * 1024;

export function faceOf(choices: readonly Choice[], { term, columns, rows }: Pty): Face {
  const draws = drawing.test(term) && columns >= leastSize.columns && rows >= leastSize.rows;
  const size = { columns, rows };
  return draws ? { kind: 'screen', menu: screenMenu(choices, size) } : { kind: 'list', menu: listMenu(choices, size) };
}

/** What brings the menu before the person, with a word about what was before. */
export function begin(face: Face, notice: string): { readonly face: Face; readonly show: string } {
  if (face.kind === 'screen') {
    const menu = { ...face.menu, notice };
    return { face: { kind: 'screen', menu }, show: enterScreen + paint(menu) };
  }
  const { menu, show } = printList(face.menu, notice);
  return { face: { kind: 'list', menu }, show };
}

/** What takes it away again. */
export function end(face: Face): string {
  return face.kind === 'screen' ? leaveScreen : '';
}

/** The whole screen again; a printed list stays as it is. */
export function repaint(face: Face): string {
  return face.kind === 'screen' ? paint(face.menu) : '';
}

export function resize(face: Face, size: TerminalSize): Face {
  return face.kind === 'screen'
    ? { kind: 'screen', menu: resizeScreen(face.menu, size) }
    : { kind: 'list', menu: { ...face.menu, size } };
}

export interface Fed {
  readonly face: Face;
  readonly keyboard: Keyboard;
  /** What a list prints; a screen is repainted by whoever shows it. */
  readonly show: string;
  readonly outcome: Outcome | null;
  /** Bytes of the piece up to the outcome; those after it are for whoever comes next. */
  readonly used: number;
}

/** One piece of input, as it came. */
export function feed(face: Face, keyboard: Keyboard, bytes: Uint8Array): Fed {
  let now: Fed = { face, keyboard, show: '', outcome: null, used: bytes.length };
  let keys = 0;
  for (const [index, byte] of bytes.entries()) {
    const pressed = press(now.keyboard, byte);
    now = { ...now, keyboard: pressed.keyboard };
    if (pressed.key === null) continue;
    const next = keyTo(now.face, pressed.key);
    now = { ...now, face: next.face, show: now.show + next.show, outcome: next.outcome };
    keys += 1;
    if (now.outcome !== null) return { ...now, used: index + 1 };
    if (keys === mostKeys || now.show.length > mostShown) break;
  }
  return now;
}

export function keyTo(
  face: Face,
  key: Key,
): { readonly face: Face; readonly show: string; readonly outcome: Outcome | null } {
  if (face.kind === 'screen') {
    const { menu, outcome } = stepScreen(face.menu, key);
    return { face: { kind: 'screen', menu }, show: '', outcome };
  }
  const { menu, show, outcome } = stepList(face.menu, key);
  return { face: { kind: 'list', menu }, show, outcome };
}
