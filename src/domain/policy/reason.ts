import { visibleText } from '../kernel/visible-text.ts';

/** Characters (UTF-16 units) of a reason, once it is visible text. */
export const longestReason = 500;

/** Our own secrets, private keys and password hashes: pasted by mistake, or typed by a script that answers whatever is asked. */
const secretLike = /\bsp[tl]_[0-9A-Za-z]{8}|PRIVATE KEY|\$argon2|PuTTY-User-Key-File/;

/**
 * A reason as it counts for conditions and is kept: one line of visible text. Empty when there is none in what was given:
 * nothing but spaces, more than `longestReason`, or what looks like a secret.
 */
export function reasonOf(given: string): string {
  const text = visibleText(given.toWellFormed().replaceAll(/\s+/gu, ' ').trim());
  return text.length > longestReason || secretLike.test(text) ? '' : text;
}
