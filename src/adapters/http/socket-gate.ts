import type { SocketRoute } from '../../application/ports/http-route.ts';
import type { Viewer } from '../../application/ports/viewer.ts';
import { errorAnswer } from '../../wire/json-http.ts';
import { denied, foreign, loginNeeded, needed, one, type RequestHead } from './gatekeeper.ts';
import { loginSecretOf } from './login-secret.ts';

/** A socket that may be opened. */
export interface SocketAdmitted {
  readonly viewer: Viewer;
  readonly offered: readonly string[];
}

/**
 * The one check before a WebSocket is opened (W4, X2). A browser sends the cookie to whatever page asks, and holds no
 * page back from reading the answer: `Origin` has to be ours, and it has to be there.
 */
export function socketGate(viewerOf: (secret: string, isUse: boolean) => Promise<Viewer | null>) {
  return async (route: SocketRoute, head: RequestHead): Promise<SocketAdmitted | Response> => {
    const origin = one(head, 'origin');
    if (origin === undefined || origin !== `https://${one(head, 'host') ?? ''}`) return foreign();
    const shown = loginSecretOf({ authorization: one(head, 'authorization'), cookie: one(head, 'cookie') });
    // A page opens sockets by itself, after each loss of the network.
    const viewer = shown?.from === 'cookie' ? await viewerOf(shown.secret, false) : null;
    if (viewer === null) return loginNeeded();
    if (!viewer.permissions.includes(needed[route.access])) return denied();
    const offered = (one(head, 'sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());
    return offered.includes(route.subprotocol) ? { viewer, offered } : noSubprotocol(route);
  };
}

function noSubprotocol({ subprotocol }: SocketRoute): Response {
  return errorAnswer(400, { code: 'no-subprotocol', message: `Offer the subprotocol ${subprotocol}.` });
}
