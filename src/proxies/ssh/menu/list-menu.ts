import type { TerminalSize } from '../../../application/ports/target-terminal.ts';
import { type Choice, matching } from './choices.ts';
import type { Key } from './keys.ts';
import { typeLine } from './line.ts';
import { interrupted, left, type Outcome } from './outcome.ts';
import { cut } from './text-width.ts';

/** The menu on a terminal that can only print: numbered lists and a line to type, without any escape sequence. */
export interface ListMenu {
  readonly choices: readonly Choice[];
  /** What the last search left. */
  readonly found: readonly Choice[];
  /** How many of those were printed; numbers beyond that mean nothing yet. */
  readonly printed: number;
  readonly accountsOf: Choice | null;
  readonly line: string;
  readonly size: TerminalSize;
}

interface ListStep {
  readonly menu: ListMenu;
  readonly show: string;
  readonly outcome: Outcome | null;
}

const usualSize: TerminalSize = { columns: 80, rows: 24 };
const mostRows = 100;
/** Characters of a line; longer ones are no name and no search. */
const longestLine = 128;
/** Lines beside the list on a page: what was typed, more, and the prompt. */
const otherLines = 4;

export function listMenu(choices: readonly Choice[], size: TerminalSize): ListMenu {
  return { choices, found: choices, printed: 0, accountsOf: null, line: '', size };
}

/** The list from its beginning, after a notice if there is one. */
export function printList(menu: ListMenu, notice = ''): { readonly menu: ListMenu; readonly show: string } {
  const { menu: printed, show } = menu.accountsOf === null ? nextPage({ ...menu, printed: 0 }) : printAccounts(menu);
  return { menu: printed, show: notice === '' ? show : `${notice}\r\n${show}` };
}

/** One key. Pure. */
export function stepList(menu: ListMenu, key: Key): ListStep {
  const { line, show, done } = typeLine(menu.line, key, { echo: true, longest: longestLine });
  switch (done) {
    case 'interrupted':
      return { menu, show, outcome: interrupted };
    case 'ended':
      return { menu, show, outcome: left };
    case 'entered': {
      const step = entered({ ...menu, line: '' }, line.trim());
      return { ...step, show: show + step.show };
    }
    case null:
      return { menu: { ...menu, line }, show, outcome: null };
  }
}

function entered(menu: ListMenu, text: string): ListStep {
  if (text === 'q') return { menu, show: '', outcome: left };
  return menu.accountsOf === null ? targetEntered(menu, text) : accountEntered(menu, menu.accountsOf, text);
}

function targetEntered(menu: ListMenu, text: string): ListStep {
  if (text === '')
    return stay(menu.printed < menu.found.length ? nextPage(menu) : printList({ ...menu, found: menu.choices }));
  const named = numbered(menu.found.slice(0, menu.printed), text) ?? menu.choices.find(({ target }) => target === text);
  if (named !== undefined) {
    const [account, ...more] = named.accounts;
    if (account === undefined) return stay(nextPage(menu));
    if (more.length > 0) return stay(printAccounts({ ...menu, accountsOf: named }));
    return { menu, show: '', outcome: { type: 'chosen', chosen: { target: named.target, account: account.account } } };
  }
  const found = matching(menu.choices, text);
  if (found.length > 0) return stay(printList({ ...menu, found }));
  return stay({ menu, show: `nothing that is open to you matches\r\n${prompt(menu)}` });
}

function accountEntered(menu: ListMenu, choice: Choice, text: string): ListStep {
  if (text === '') return stay(printList({ ...menu, accountsOf: null }));
  const { target, accounts } = choice;
  const named = numbered(accounts, text) ?? accounts.find(({ account }) => account === text);
  if (named === undefined) return stay(printAccounts(menu));
  return { menu, show: '', outcome: { type: 'chosen', chosen: { target, account: named.account } } };
}

function numbered<T>(list: readonly T[], text: string): T | undefined {
  return /^\d{1,6}$/.test(text) ? list[Number(text) - 1] : undefined;
}

function stay({ menu, show }: { readonly menu: ListMenu; readonly show: string }): ListStep {
  return { menu, show, outcome: null };
}

function nextPage(menu: ListMenu): { readonly menu: ListMenu; readonly show: string } {
  const rows = Math.min(menu.size.rows === 0 ? usualSize.rows : menu.size.rows, mostRows);
  const page = menu.found.slice(menu.printed, menu.printed + Math.max(1, rows - otherLines));
  const lines = page.map(({ shown, shownAccounts, note }, index) =>
    numberedLine(menu, menu.printed + index, [shown, shownAccounts, note]),
  );
  const printed = { ...menu, printed: menu.printed + page.length };
  const title = menu.printed === 0 ? `Sallyport: where to? ${menu.found.length} to choose from\r\n` : '';
  return { menu: printed, show: title + lines.join('') + prompt(printed) };
}

function printAccounts(menu: ListMenu): { readonly menu: ListMenu; readonly show: string } {
  const { shown = '', accounts = [] } = menu.accountsOf ?? {};
  const lines = accounts.map((account, index) => numberedLine(menu, index, [account.shown, account.note]));
  return { menu, show: `${cut(shown, widthOf(menu))}: as whom?\r\n${lines.join('')}${prompt(menu)}` };
}

function prompt({ accountsOf, printed, found }: ListMenu): string {
  if (accountsOf !== null) return 'Number or name, Enter to go back, q to leave: ';
  const more = printed < found.length ? `Enter for more (${found.length - printed}), ` : '';
  return `Number, name or search, ${more}q to leave: `;
}

function numberedLine(menu: ListMenu, index: number, parts: readonly string[]): string {
  return `${cut(`${String(index + 1).padStart(4)}  ${parts.filter(Boolean).join('  ')}`, widthOf(menu))}\r\n`;
}

function widthOf({ size }: ListMenu): number {
  return Math.min(Math.max((size.columns === 0 ? usualSize.columns : size.columns) - 1, 20), 500);
}
