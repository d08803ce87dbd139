import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import type { Terminal } from '@xterm/xterm';
import { newTerminalScreen } from '../../parts/terminal-screen.ts';
import { readPaste, isHarmless, type Paste } from './paste.ts';
import type { Preferences } from './preferences.ts';
import { type Shortcut, shortcutOf } from './shortcuts.ts';
import { type TicketAnswer, TerminalLink } from './terminal-link.ts';

export interface DeskNeeds {
  /** One to attach to. */
  readonly session: string | null;
  readonly preferences: Preferences;
  readonly ticket: (session: string | null) => Promise<TicketAnswer>;
  /** The person pasted something that has to be looked at first. */
  readonly asksForPaste: (paste: Paste) => void;
  readonly pressed: (shortcut: Shortcut) => void;
}

/** A screen, its session, and what ties them together. */
export interface Desk {
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  readonly link: TerminalLink;
  prefer(preferences: Preferences): void;
  dispose(): void;
}

const scrollback = 10_000;

export function newDesk(parent: HTMLElement, needs: DeskNeeds): Desk {
  const { fontSize, screenReader } = needs.preferences;
  const terminal = newTerminalScreen(parent, {
    ...{ scrollback, fontSize, screenReaderMode: screenReader },
    disableStdin: true,
  });
  const [fit, search] = [new FitAddon(), new SearchAddon()];
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  fit.fit();
  // Answers to what was answered before would be typed into whatever runs now.
  let old = 0;
  const link = new TerminalLink(needs.session, {
    ticket: needs.ticket,
    size: () => ({ columns: Math.min(terminal.cols, 1_000), rows: Math.min(terminal.rows, 500) }),
    draw: (data, isOld, drawn) => {
      if (isOld) old += 1;
      listen();
      terminal.write(data, () => {
        if (isOld) old -= 1;
        listen();
        drawn();
      });
    },
    clear: () => terminal.reset(),
  });
  const listen = (): void => {
    terminal.options.disableStdin = old > 0 || link.state().phase !== 'open';
  };
  link.subscribe(listen);
  const encoder = new TextEncoder();
  terminal.onData((text) => link.type(encoder.encode(text)));
  // Positions of the mouse in the old form: bytes, and no UTF-8.
  terminal.onBinary((text) => link.type(Uint8Array.from(text, (one) => one.charCodeAt(0))));
  terminal.onResize(() => link.resize());
  terminal.attachCustomKeyEventHandler((event) => {
    const shortcut = shortcutOf(event);
    if (shortcut === null) return true;
    // The browser itself pastes by this key, and asks nobody for the clipboard.
    if (shortcut !== 'paste') event.preventDefault();
    if (event.type === 'keydown') needs.pressed(shortcut);
    return false;
  });
  const paste = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    const read = readPaste(event.clipboardData?.getData('text/plain') ?? '');
    if (read.text === '' && read.dropped === 0) return;
    if (isHarmless(read)) terminal.paste(read.text);
    else needs.asksForPaste(read);
  };
  parent.addEventListener('paste', paste, { capture: true });
  const sizes = new ResizeObserver(() => fit.fit());
  sizes.observe(parent);
  link.connect();
  return {
    terminal,
    search,
    link,
    prefer: (preferences) => {
      terminal.options.fontSize = preferences.fontSize;
      terminal.options.screenReaderMode = preferences.screenReader;
      fit.fit();
    },
    dispose: () => {
      sizes.disconnect();
      parent.removeEventListener('paste', paste, { capture: true });
      link.dispose();
      terminal.dispose();
    },
  };
}
