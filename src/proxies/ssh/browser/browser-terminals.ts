import type { BrowserDoor } from '../../../application/admission/door.ts';
import type { BrowserTerminals } from '../../../application/ports/browser-terminals.ts';
import { BrowserLeg } from './browser-leg.ts';

const defaultReasonMilliseconds = 90_000;

/** Terminals in the browser at SSH targets. */
export function sshBrowserTerminals(
  door: BrowserDoor,
  reasonMilliseconds = defaultReasonMilliseconds,
): BrowserTerminals {
  return { open: (wish, screen) => new BrowserLeg(door, wish, screen, reasonMilliseconds) };
}
