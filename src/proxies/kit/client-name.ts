import { printable } from './goodbye.ts';
import { withoutTokens } from './token-text.ts';

const longestClientName = 255;

/** What a client says it is, as it may stand in an event. */
export function clientNameOf(said: string): string {
  // Cut first: half a character is not printable.
  return withoutTokens(printable(said.trim().slice(0, longestClientName)));
}
