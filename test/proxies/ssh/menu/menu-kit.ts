import type { Reachable } from '../../../../src/application/admission/door.ts';
import { choicesOf } from '../../../../src/proxies/ssh/menu/choices.ts';
import { type Key, type Keyboard, press, release, restingKeyboard } from '../../../../src/proxies/ssh/menu/keys.ts';
import type { Outcome } from '../../../../src/proxies/ssh/menu/outcome.ts';
import { type ScreenMenu, screenMenu, stepScreen } from '../../../../src/proxies/ssh/menu/screen-menu.ts';
import { enterScreen, paint } from '../../../../src/proxies/ssh/menu/screen-view.ts';
import { ScreenModel } from './screen-model.ts';

export function open(target: string, over: Partial<Reachable> = {}): Reachable {
  return {
    target,
    account: 'root',
    labels: {},
    reason: null,
    asks: null,
    recording: 'required',
    lastUsedAt: null,
    ...over,
  };
}

/** As the keyboard sends it: every piece as it arrives; at the end nothing more comes. */
export function keysOf(pieces: readonly Uint8Array[]): readonly Key[] {
  let keyboard: Keyboard = restingKeyboard;
  const keys: Key[] = [];
  for (const piece of pieces) {
    for (const byte of piece) {
      const pressed = press(keyboard, byte);
      keyboard = pressed.keyboard;
      if (pressed.key !== null) keys.push(pressed.key);
    }
  }
  const { key } = release(keyboard);
  return key === null ? keys : [...keys, key];
}

/** The menu after this was typed, what the person sees then, and how it ended. */
export function drive(
  reachable: readonly Reachable[],
  typed: string,
  size = { columns: 80, rows: 10 },
): { readonly menu: ScreenMenu; readonly screen: ScreenModel; readonly outcome: Outcome | null } {
  const screen = new ScreenModel(size.columns, size.rows);
  let menu = screenMenu(choicesOf(reachable), size);
  screen.feed(enterScreen + paint(menu));
  for (const key of keysOf([Buffer.from(typed)])) {
    const step = stepScreen(menu, key);
    menu = step.menu;
    screen.feed(paint(menu));
    if (step.outcome !== null) return { menu, screen, outcome: step.outcome };
  }
  return { menu, screen, outcome: null };
}
