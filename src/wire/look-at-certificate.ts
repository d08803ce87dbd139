import { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';

/** The certificate that the other end of a connection shows. */
export interface LookedAt {
  /** Why it would not be trusted, as Node calls it (`CERT_HAS_EXPIRED` …); null: it would. */
  readonly problem: string | null;
  readonly names: string;
  readonly issuer: string;
  readonly validTo: Date;
}

/**
 * A TLS handshake only to see the certificate, whether it can be trusted or not: nothing is ever said over it. `ca` is
 * PEM of who may vouch for it; null: the authorities that come with the runtime. Rejects when TLS does not come about.
 */
export async function lookAtCertificate(
  socket: Socket,
  host: string,
  ca: string | null,
  signal: AbortSignal,
): Promise<LookedAt> {
  const tls = connect({
    socket,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === null ? {} : { ca }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: false,
  });
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const late = (): void => reject(new Error('no TLS in time'));
  tls.once('secureConnect', () => resolve(undefined));
  tls.on('error', reject);
  tls.once('close', () => reject(new Error('the server hung up')));
  signal.addEventListener('abort', late, { once: true });
  if (signal.aborted) late();
  try {
    await promise;
    const shown = new X509Certificate(tls.getPeerCertificate().raw);
    // Node says it as a code in this property, whatever its type is called.
    const error = tls.authorizationError as unknown as Error | string | null | undefined;
    return {
      problem: tls.authorized ? null : codeOf(error),
      names: shown.subjectAltName ?? 'no name',
      issuer: shown.issuer.replaceAll('\n', ', '),
      validTo: shown.validToDate,
    };
  } finally {
    signal.removeEventListener('abort', late);
    tls.destroy();
  }
}

function codeOf(error: Error | string | null | undefined): string {
  if (typeof error === 'string') return error;
  return (error as NodeJS.ErrnoException | null | undefined)?.code ?? 'UNTRUSTED';
}
