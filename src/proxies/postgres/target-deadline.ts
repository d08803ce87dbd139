import type { Socket } from 'node:net';
import { ProtocolError, SallyportError } from '../../domain/kernel/errors.ts';
import { ScramError } from '../../wire/scram/scram-error.ts';
import { targetUnreachable } from '../kit/target-address.ts';
import { type Deadline, notPostgres, type TlsPlace } from './target-tls.ts';

/** Runs `work` with a deadline on its sockets, which it ends when it fails; its errors become ours. */
export async function inTime<T>(
  target: TlsPlace,
  milliseconds: number,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const watched = new Set<Socket>();
  const late = new SallyportError(
    'unavailable',
    'target-unreachable',
    `${target.name} does not answer in time: try again later or ask an administrator whether it is running`,
  );
  const time = { isUp: false };
  const faults: Error[] = [];
  const timer = setTimeout(() => {
    time.isUp = true;
    for (const socket of watched) socket.destroy(late);
  }, milliseconds);
  const deadline = {
    watch: (socket: Socket) => {
      watched.add(socket);
      // What becomes of an error is said by who reads, or by `onLost`; an alert of TLS 1.3 stands nowhere but here.
      socket.on('error', (error) => {
        if (faults.length === 0) faults.push(error);
      });
    },
  };
  try {
    return await work(deadline);
  } catch (error) {
    for (const socket of watched) socket.destroy();
    // A socket under TLS may be told of it in other words.
    throw time.isUp ? late : asOurs(error, faults.find(isAlert), target);
  } finally {
    clearTimeout(timer);
  }
}

function asOurs(error: unknown, alert: Alert | undefined, { name }: TlsPlace): SallyportError {
  if (error instanceof SallyportError) return error;
  if (error instanceof ProtocolError) return notPostgres(name, error.message);
  if (error instanceof ScramError) {
    const message = `the login at ${name} was broken off, since ${error.message}: an administrator checks the target and the credential in custody`;
    return new SallyportError('denied', 'target-login-failed', message, { cause: error });
  }
  if (alert !== undefined) {
    const message = `${name} ended TLS with an alert (${alert.code}): an administrator checks the client certificate in custody, and which versions of TLS it takes`;
    return new SallyportError('denied', 'target-login-failed', message, { cause: alert });
  }
  return targetUnreachable(name, error);
}

/** `code`: OpenSSL's name of an alert that came from the other side, such as ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED or ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE. */
type Alert = Error & { readonly code: string };

function isAlert(error: Error): error is Alert {
  return 'code' in error && /^ERR_SSL_[A-Z0-9_/]*ALERT_[A-Z0-9_]+$/.test(String(error.code));
}
