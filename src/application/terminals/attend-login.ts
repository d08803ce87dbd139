import { longestLoginMilliseconds } from '../../domain/login/decider.ts';
import { millisecondsBetween } from '../../domain/kernel/time.ts';
import type { EndListener, VerifiedPass } from '../admission/door.ts';
import { endMessage } from '../admission/end-messages.ts';
import type { TerminalVisitor } from '../ports/terminal-face.ts';
import type { Viewer } from '../ports/viewer.ts';
import type { TerminalTools } from './tools.ts';

/**
 * Attends to the login of a page for as long as the page is there, whichever login its session rests on: `ended` is called
 * when it is closed, by its idle time too, and when its own time is over. Null: it has ended already. Errors: those of the
 * log.
 */
export async function attendLogin(
  { door, tools }: Pick<TerminalTools, 'door' | 'tools'>,
  viewer: Viewer,
  ended: EndListener,
): Promise<(Omit<TerminalVisitor, 'visit'> & { readonly pass: VerifiedPass }) | null> {
  const rest = millisecondsBetween(await tools.now(), viewer.expiresAt);
  const pass = await door.verifyLogin(viewer);
  if (pass === null) return null;
  const leave = door.attend(pass, ended);
  const use = door.keepLogin(pass);
  const over = (): void => ended('pass-expired', endMessage('pass-expired'));
  const expiry = setTimeout(over, Math.min(Math.max(0, rest), longestLoginMilliseconds)).unref();
  const release = (): void => {
    leave();
    use.stop();
    clearTimeout(expiry);
  };
  const isLive = (): Promise<boolean> => door.isLive(pass);
  // What ended it before it was attended to is found now.
  if (await isLive()) return { pass, active: () => use.active(), isLive, release };
  release();
  return null;
}
