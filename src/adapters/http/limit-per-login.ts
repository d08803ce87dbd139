import type { EventEmitter } from 'node:events';
import type { Viewer } from '../../application/ports/application-face.ts';

const most = 64;

type Answer = Pick<EventEmitter, 'once'> & { readonly destroyed: boolean };

/** Counts the open answers (streams among them), or sockets, of each login; false when one more is too many. */
export function limitPerLogin(): (viewer: Viewer | null, answer: Answer) => boolean {
  const open = new Map<string, number>();
  return (viewer, answer) => {
    // What ended while the login was looked up tells nothing of its end any more.
    if (viewer === null || answer.destroyed) return true;
    const { loginId } = viewer;
    const now = open.get(loginId) ?? 0;
    if (now >= most) return false;
    open.set(loginId, now + 1);
    answer.once('close', () => {
      const left = (open.get(loginId) ?? 1) - 1;
      if (left > 0) open.set(loginId, left);
      else open.delete(loginId);
    });
    return true;
  };
}
