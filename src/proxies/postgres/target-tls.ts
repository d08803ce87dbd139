import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { ResolvedTarget } from '../../application/ports/system.ts';
import type { TargetTrust } from '../../domain/target/events.ts';
import { CertificateRefused } from '../../application/admission/certificate-refusal.ts';
import { certificateProblem, describeCertificate } from '../kit/certificate-trust.ts';
import { connectTarget } from '../kit/target-address.ts';
import { encodeFirstPacket } from './codec/startup.ts';
import type { ClientCertificate } from './target-credential.ts';
import { readSome } from './target-reader.ts';

export interface TlsPlace {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly trust: TargetTrust | null;
}

export interface TrustedTls {
  readonly socket: TLSSocket;
  /** The target's certificate, DER. */
  readonly certificate: Buffer;
}

/** Ends what is under way, whichever socket that is now. */
export interface Deadline {
  watch(socket: Socket): void;
}

const keepAliveMilliseconds = 15_000;
const takesTls = 0x53;

/**
 * Connects and asks for TLS; resolves once the certificate is trusted. Nothing but the SSLRequest has been sent by then,
 * and in the handshake the client certificate, to a server that asks for one. Errors: those of `shakeHands`, CertificateRefused.
 */
export async function openTls(
  place: TlsPlace,
  address: ResolvedTarget,
  client: ClientCertificate | null,
  deadline: Deadline,
): Promise<TrustedTls> {
  const socket = await shakeHands(place, address, client, deadline);
  const { raw } = socket.getPeerCertificate();
  const problem = certificateProblem(socket, place.trust?.tls, raw);
  if (problem === null) return { socket, certificate: raw };
  socket.destroy();
  throw new CertificateRefused(place.name, describeCertificate(raw), problem);
}

/**
 * Connects and makes a TLS handshake ("SSL Session Encryption"); whether the certificate is trusted is for the caller to
 * judge. Errors: SallyportError, and those of the sockets.
 */
export async function shakeHands(
  place: TlsPlace,
  address: ResolvedTarget,
  client: ClientCertificate | null,
  deadline: Deadline,
): Promise<TLSSocket> {
  const plain = connectTarget(place.host, place.port, address);
  deadline.watch(plain);
  plain.setKeepAlive(true, keepAliveMilliseconds);
  try {
    plain.write(encodeFirstPacket.sslRequest());
    const answer = await readSome(plain);
    if (answer[0] !== takesTls) throw withoutTls(place.name);
    // Bytes that came before TLS would be taken for the target's words inside it (CVE-2021-23222).
    if (answer.length > 1) throw notPostgres(place.name, 'it sent more before TLS began');
    return await handshake(plain, place, client, deadline);
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

async function handshake(
  plain: Socket,
  { name, host, trust }: TlsPlace,
  client: ClientCertificate | null,
  deadline: Deadline,
): Promise<TLSSocket> {
  const ca = trust?.tls?.ca;
  const socket = connect({
    socket: plain,
    host,
    ...(isIP(host) === 0 ? { servername: host.replace(/\.$/, '') } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...client,
    minVersion: 'TLSv1.2',
    // Judged below, so that what was shown can be named.
    rejectUnauthorized: false,
  });
  deadline.watch(socket);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.once('secureConnect', () => resolve(undefined));
  socket.once('error', (error: NodeJS.ErrnoException) => {
    reject(error.code === 'ECONNRESET' ? hungUp(name) : error);
  });
  socket.once('close', () => reject(hungUp(name)));
  await promise;
  socket.disableRenegotiation();
  return socket;
}

/** Some do so without an alert when they share no version, or miss a certificate. */
function hungUp(name: string): SallyportError {
  return new SallyportError(
    'unavailable',
    'target-unreachable',
    `${name} closed the connection during the TLS handshake: an administrator checks which versions of TLS it takes, and whether it asks for a client certificate`,
  );
}

function withoutTls(name: string): SallyportError {
  return new SallyportError(
    'denied',
    'target-unreachable',
    `${name} takes no TLS: an administrator of the database sets ssl = on, with a certificate`,
  );
}

export function notPostgres(name: string, why: string): SallyportError {
  return new SallyportError(
    'unavailable',
    'target-unreachable',
    `${name} does not speak PostgreSQL as it should (${why}): an administrator checks its address`,
  );
}
