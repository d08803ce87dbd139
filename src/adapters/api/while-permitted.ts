import type { ViewerContext } from '../../application/ports/http-route.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';

/** How old the answer "this login may still read" is at most when a line goes out, in milliseconds (L5). */
const checkMilliseconds = 1_000;

/** The lines for as long as the login lasts and keeps its permissions; then an error, so that no end looks like a whole one. */
export async function* whilePermitted(
  lines: AsyncIterable<string>,
  { viewer, refresh }: Pick<ViewerContext, 'viewer' | 'refresh'>,
): AsyncGenerator<string> {
  let checked = performance.now();
  for await (const line of lines) {
    if (performance.now() - checked >= checkMilliseconds) {
      const now = await refresh();
      if (now === null || !viewer.permissions.every((permission) => now.permissions.includes(permission))) {
        throw new SallyportError('denied', 'denied', 'The login that reads this has ended or lost a permission.');
      }
      checked = performance.now();
    }
    yield line;
  }
}
