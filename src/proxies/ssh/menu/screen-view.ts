import type { AccountChoice, Choice } from './choices.ts';
import { pageOf, type ScreenMenu } from './screen-menu.ts';
import { cut, cutLeft, padded, widthOf } from './text-width.ts';

/** The alternate screen (xterm, PuTTY): what stood on the terminal is there again when the menu goes. */
export const enterScreen = '\u001b[?1049h\u001b[2J';
/** Terminals without an alternate screen are left empty, with the cursor at the top. */
export const leaveScreen = '\u001b[2J\u001b[H\u001b[?1049l';

const home = '\u001b[H';
const restOfLine = '\u001b[K';
const restOfScreen = '\u001b[J';
const reverse = '\u001b[7m';
const plain = '\u001b[m';

const prompt = 'Search: ';
const searchRow = 2;
const firstListRow = 4;

/** The whole screen. No line reaches the last column, so that none wraps; names are visible text. */
export function paint(menu: ScreenMenu): string {
  const width = menu.size.columns - 1;
  const { lines, mark, title, help } =
    menu.accountsOf === null ? targetLines(menu) : accountLines(menu, menu.accountsOf);
  const page = pageOf(menu);
  const inSight = lines.slice(mark.top, mark.top + page).map((line, index) => {
    const here = mark.top + index === mark.place;
    const text = padded(`${here ? '>' : ' '} ${line}`, width);
    return here ? `${reverse}${text}${plain}` : text.trimEnd();
  });
  const where = lines.length <= page ? '' : `  ${mark.place + 1} of ${lines.length}`;
  const shown = [
    cut(title, width - widthOf(where)) + where,
    menu.accountsOf === null ? prompt + cutLeft(menu.search, width - prompt.length) : '',
    cut(menu.notice, width),
    ...inSight,
    ...Array.from({ length: page - inSight.length }, () => ''),
    cut(help, width),
  ];
  return `${home}${shown.map((line) => line + restOfLine).join('\r\n')}${restOfScreen}${cursor(menu)}`;
}

function cursor(menu: ScreenMenu): string {
  if (menu.accountsOf !== null) return `\u001b[${firstListRow + menu.accounts.place - menu.accounts.top};1H`;
  const typed = prompt + cutLeft(menu.search, menu.size.columns - 1 - prompt.length);
  return `\u001b[${searchRow};${widthOf(typed) + 1}H`;
}

interface Lines {
  readonly title: string;
  readonly help: string;
  readonly lines: readonly string[];
  readonly mark: { readonly place: number; readonly top: number };
}

/** Only lines in sight are made: the others stay empty. */
function targetLines(menu: ScreenMenu): Lines {
  const { found, targets, size } = menu;
  const page = pageOf(menu);
  const seen = found.slice(targets.top, targets.top + page);
  const most = Math.max(8, Math.floor(size.columns * 0.35));
  const widest = (text: (choice: Choice) => string): number =>
    Math.min(most, Math.max(0, ...seen.map((choice) => widthOf(text(choice)))));
  const [targetWidth, accountWidth] = [widest(({ shown }) => shown), widest(({ shownAccounts }) => shownAccounts)];
  const noteWidth = widest(({ note }) => note);
  const line = ({ shown, shownAccounts, note, shownLabels }: Choice): string =>
    [padded(shown, targetWidth), padded(shownAccounts, accountWidth), padded(note, noteWidth), shownLabels].join('  ');
  const lines = found.map((choice, index) => (index >= targets.top && index < targets.top + page ? line(choice) : ''));
  const none = found.length === 0 ? ['nothing that is open to you matches'] : lines;
  return {
    title: 'Sallyport: where to?',
    help: 'type to search, Up/Down, Enter connects, Esc or Ctrl-C leaves',
    lines: none,
    mark: found.length === 0 ? { place: -1, top: 0 } : targets,
  };
}

function accountLines(menu: ScreenMenu, choice: Choice): Lines {
  const width = Math.max(0, ...choice.accounts.map(({ shown }) => widthOf(shown)));
  const line = ({ shown, note }: AccountChoice): string =>
    `${padded(shown, Math.min(width, Math.floor(menu.size.columns / 2)))}  ${note}`;
  return {
    title: `${choice.shown}: as whom?`,
    help: 'Up/Down, Enter connects, Left goes back, q or Ctrl-C leaves',
    lines: choice.accounts.map(line),
    mark: menu.accounts,
  };
}
