import type { SocketRoute } from '../../application/ports/http-route.ts';
import type { TerminalFace } from '../../application/ports/terminal-face.ts';
import { Speaker } from './speaker.ts';

/** Where pages open terminals. */
export function terminalSocket(face: TerminalFace): SocketRoute {
  return {
    path: '/terminal',
    access: 'viewer',
    subprotocol: 'sallyport.terminal.v1',
    handler: (socket, context) => {
      new Speaker(socket, context, face);
    },
  };
}
