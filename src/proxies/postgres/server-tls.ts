import { constants, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { tlsServerEndPoint } from '../../wire/scram/channel-binding.ts';

/** What a client is shown, and what its SCRAM proof is bound to: `tls-server-end-point` (RFC 5929 section 4), null when its hash is not known. */
export interface ServerTls {
  readonly context: SecureContext;
  readonly endPoint: Buffer | null;
}

/** `key` and `cert` in PEM. No renegotiation: the one thing that a client could make expensive again and again. */
export function serverTls({ key, cert }: { readonly key: string; readonly cert: string }): ServerTls {
  const context = createSecureContext({
    key,
    cert,
    minVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  });
  return { context, endPoint: tlsServerEndPoint(new X509Certificate(cert).raw) };
}

/** The server's side of TLS on a connection that has asked for it; emits `secure` once the handshake is done. */
export function secure(socket: Socket, { context }: ServerTls): TLSSocket {
  return new TLSSocket(socket, { isServer: true, secureContext: context });
}
