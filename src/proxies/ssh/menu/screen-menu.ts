import type { TerminalSize } from '../../../application/ports/target-terminal.ts';
import { type Choice, matching } from './choices.ts';
import type { Key } from './keys.ts';
import { interrupted, left, type Outcome } from './outcome.ts';

/** A list with one line marked: `top` is the first line in sight. */
export interface Marked {
  readonly place: number;
  readonly top: number;
}

/** The menu on a terminal that can draw. `accountsOf`: its accounts are shown instead of the targets. */
export interface ScreenMenu {
  readonly choices: readonly Choice[];
  readonly search: string;
  /** Those that match the search. */
  readonly found: readonly Choice[];
  readonly targets: Marked;
  readonly accountsOf: Choice | null;
  readonly accounts: Marked;
  /** Said once: why something was refused. */
  readonly notice: string;
  readonly size: TerminalSize;
}

interface ScreenStep {
  readonly menu: ScreenMenu;
  readonly outcome: Outcome | null;
}

/** Characters (UTF-16 units) of a search. */
const longestSearch = 64;
/** Lines that are no list: title, search, notice and help. */
const otherLines = 4;
const first: Marked = { place: 0, top: 0 };

/** Smaller windows get the numbered list; a window that becomes smaller later shows what fits. */
export const leastSize: TerminalSize = { columns: 20, rows: otherLines + 1 };
/** A client may say any size: what is drawn stays bounded. */
const mostSize: TerminalSize = { columns: 500, rows: 200 };

export function screenMenu(choices: readonly Choice[], size: TerminalSize): ScreenMenu {
  const list = { choices, search: '', found: choices, targets: first, accountsOf: null, accounts: first, notice: '' };
  return resizeScreen({ ...list, size: leastSize }, size);
}

/** Lines of list that are in sight. */
export function pageOf({ size }: ScreenMenu): number {
  return size.rows - otherLines;
}

/** A size that says nothing (0) changes nothing. */
export function resizeScreen(menu: ScreenMenu, { columns, rows }: TerminalSize): ScreenMenu {
  if (columns === 0 || rows === 0) return menu;
  const size = {
    columns: Math.min(Math.max(columns, leastSize.columns), mostSize.columns),
    rows: Math.min(Math.max(rows, leastSize.rows), mostSize.rows),
  };
  const resized = { ...menu, size };
  return {
    ...resized,
    targets: marked(resized, menu.targets, menu.targets.place, menu.found.length),
    accounts: marked(resized, menu.accounts, menu.accounts.place, menu.accountsOf?.accounts.length ?? 0),
  };
}

/** One key. Pure. */
export function stepScreen(before: ScreenMenu, key: Key): ScreenStep {
  const menu = { ...before, notice: '' };
  if (key.type === 'interrupt') return { menu, outcome: interrupted };
  if (key.type === 'end-of-input') return { menu, outcome: left };
  return menu.accountsOf === null ? stepTargets(menu, key) : stepAccounts(menu, menu.accountsOf, key);
}

function stepTargets(menu: ScreenMenu, key: Key): ScreenStep {
  const marking = menu.found[menu.targets.place];
  switch (key.type) {
    case 'text':
      return searching(menu, (menu.search + key.text).trimStart());
    case 'backspace':
      return searching(menu, Array.from(menu.search).slice(0, -1).join(''));
    case 'clear':
      return searching(menu, '');
    case 'escape':
      return menu.search === '' ? { menu, outcome: left } : searching(menu, '');
    case 'right':
      return marking === undefined || marking.accounts.length < 2 ? stay(menu) : stay(opened(menu, marking));
    case 'enter':
      if (marking === undefined) return stay(menu);
      return marking.accounts.length > 1 ? stay(opened(menu, marking)) : choose(menu, marking, 0);
    default:
      return stay({ ...menu, targets: moved(menu, menu.targets, key, menu.found.length) });
  }
}

function stepAccounts(menu: ScreenMenu, choice: Choice, key: Key): ScreenStep {
  switch (key.type) {
    case 'left':
    case 'escape':
    case 'backspace':
      return stay({ ...menu, accountsOf: null });
    case 'text':
      return key.text === 'q' ? { menu, outcome: left } : stay(menu);
    case 'enter':
    case 'right':
      return choose(menu, choice, menu.accounts.place);
    default:
      return stay({ ...menu, accounts: moved(menu, menu.accounts, key, choice.accounts.length) });
  }
}

function choose(menu: ScreenMenu, { target, accounts }: Choice, place: number): ScreenStep {
  const account = accounts[place]?.account;
  return account === undefined ? stay(menu) : { menu, outcome: { type: 'chosen', chosen: { target, account } } };
}

function opened(menu: ScreenMenu, accountsOf: Choice): ScreenMenu {
  return { ...menu, accountsOf, accounts: first };
}

function stay(menu: ScreenMenu): ScreenStep {
  return { menu, outcome: null };
}

function searching(menu: ScreenMenu, search: string): ScreenStep {
  if (search === menu.search || search.length > longestSearch) return stay(menu);
  return stay({ ...menu, search, found: matching(menu.choices, search), targets: first });
}

function moved(menu: ScreenMenu, list: Marked, key: Key, length: number): Marked {
  const page = pageOf(menu);
  switch (key.type) {
    case 'up':
      return marked(menu, list, list.place - 1, length);
    case 'down':
      return marked(menu, list, list.place + 1, length);
    case 'page-up':
      return marked(menu, list, list.place - page, length);
    case 'page-down':
      return marked(menu, list, list.place + page, length);
    case 'home':
      return marked(menu, list, 0, length);
    case 'end':
      return marked(menu, list, length - 1, length);
    default:
      return list;
  }
}

/** Marks a line, within the list, and scrolls as little as brings it into sight. */
function marked(menu: ScreenMenu, { top }: Marked, wanted: number, length: number): Marked {
  const place = Math.max(0, Math.min(wanted, length - 1));
  const page = pageOf(menu);
  const lastTop = Math.max(0, length - page);
  return { place, top: Math.min(Math.max(Math.min(top, place), place - page + 1), lastTop) };
}
