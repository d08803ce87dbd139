import type { SocketRoute } from '../../application/ports/http-route.ts';
import type { TerminalFace } from '../../application/ports/terminal-face.ts';
import { Speaker } from './speaker.ts';

/** A login is looked at again, at the most so often, before something that is typed by it is passed on. */
const loginMilliseconds = 60_000;

/** Where pages open terminals. */
export function terminalSocket(face: TerminalFace, lookMilliseconds = loginMilliseconds): SocketRoute {
  return {
    path: '/terminal',
    access: 'viewer',
    subprotocol: 'sallyport.terminal.v1',
    handler: (socket, context) => {
      new Speaker(socket, context, face, lookMilliseconds);
    },
  };
}
