import '@xterm/xterm/css/xterm.css';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { type ITerminalInitOnlyOptions, type ITerminalOptions, Terminal } from '@xterm/xterm';
import { holdStrictElements } from './strict-elements.ts';

/**
 * A terminal in `parent`, which stands in the page already. What it is given to show is hostile (security rule X1): it
 * draws, and sets no title, clipboard, link or colour of the terminal, and is told nothing by strings. Reports that the
 * terminal would send (cursor, device) leave by `onData` alone: a replay listens to nothing.
 */
export function newTerminalScreen(parent: HTMLElement, options: ITerminalOptions & ITerminalInitOnlyOptions): Terminal {
  const terminal = new Terminal({
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
    fontSize: 14,
    scrollback: 1_000,
    // Text in a colour of its ground is no way to hide it.
    minimumContrastRatio: 4.5,
    theme: { background: '#10181c', foreground: '#e4eaee', cursor: '#7fd6ca', selectionBackground: '#2f6f86' },
    ...options,
    allowProposedApi: true,
    linkHandler: { activate: () => undefined },
  });
  // Widths of characters as the server's screens have them.
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  for (const code of refusedStrings) terminal.parser.registerOscHandler(code, () => true);
  // DECRQSS: its answer holds text of the question.
  terminal.parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true);
  const strict = holdStrictElements();
  terminal.loadAddon({ activate: () => undefined, dispose: strict.release });
  terminal.open(parent);
  return terminal;
}

/** Title (0 to 2), colours and questions for them (4 to 19, 104 to 119), links (8) and the clipboard (52). */
const refusedStrings = [
  ...[0, 1, 2, 4, 5, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 52],
  ...[104, 105, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119],
];
