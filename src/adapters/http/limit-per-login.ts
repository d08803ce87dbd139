import type { EventEmitter } from 'node:events';
import type { Viewer } from '../../application/ports/application-face.ts';

const most = 64;

/** Counts the open answers (streams among them), or sockets, of each login; false when one more is too many. */
export function limitPerLogin(): (viewer: Viewer | null, answer: Pick<EventEmitter, 'once'>) => boolean {
  const open = new Map<string, number>();
  return (viewer, answer) => {
    if (viewer === null) return true;
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
