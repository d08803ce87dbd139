import type { Client } from 'ssh2';
import { fields, Reader } from './codec/wire.ts';
import { decodeHostCertificate } from './host-certificate.ts';
import { innerOf } from './transport.ts';

/** The part of ssh2 1.17.0's key exchange that is used here; docs/decisions/0064 says how. */
interface KeyExchange {
  readonly negotiated: { serverHostKey: string };
  parse(payload: Buffer): unknown;
}

/** SSH_MSG_KEXDH_REPLY and _KEX_ECDH_REPLY (RFC 4253 section 8, RFC 5656 section 4). */
const reply = 31;
const suffix = '-cert-v01@openssh.com';

/** The certificate form of a signature algorithm, as key exchanges name it: `rsa-sha2-512-cert-v01@openssh.com`. */
export function certified(algorithm: string): string {
  return `${algorithm}${suffix}`;
}

/**
 * Teaches the key exchanges of a client, the first and every later one, host certificates, which ssh2 does not know.
 * `shown` gets the certificate before ssh2's host verifier gets the key in it. Before `connect` is answered.
 */
export function takeHostCertificates(client: Client, shown: (certificate: Buffer) => void): void {
  let current: KeyExchange | undefined;
  Object.defineProperty(innerOf(client), '_kex', {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (exchange: KeyExchange | undefined) => {
      current = exchange;
      if (exchange?.negotiated.serverHostKey.endsWith(suffix) === true) splitReply(exchange, shown);
    },
  });
}

/**
 * ssh2 goes on with the plain key and the plain algorithm: it verifies the server's signature with the key in the
 * certificate. What is signed covers the whole certificate as K_S, so that is what it has to hash: it reads its host
 * key once for the hash, then to verify. In any other order the signature does not fit, and the connection ends.
 */
function splitReply(exchange: KeyExchange, shown: (certificate: Buffer) => void): void {
  const { negotiated } = exchange;
  const algorithm = negotiated.serverHostKey.slice(0, -suffix.length);
  const type = algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
  const parse = exchange.parse.bind(exchange);
  exchange.parse = (payload) => {
    if (payload[0] !== reply) return parse(payload);
    exchange.parse = parse;
    const read = new Reader(payload, 1);
    const certificate = Buffer.from(read.string());
    // Another type than the negotiated one is refused by ssh2 itself.
    if (new Reader(certificate).latin1() !== certified(type)) return parse(payload);
    const { key } = decodeHostCertificate(certificate);
    const forms = [certificate];
    Object.defineProperty(exchange, '_hostKey', { get: () => forms.shift() ?? key, set: () => {} });
    negotiated.serverHostKey = algorithm;
    shown(certificate);
    return parse(Buffer.concat([Buffer.of(reply), fields(key), read.rest()]));
  };
}
