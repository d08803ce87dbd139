import {
  authMessage,
  bindingType,
  type ClientFirst,
  readClientFinal,
  readClientFirst,
  type ScramMechanism,
  scramPlusMechanism,
  writeServerFirst,
} from './messages.ts';
import { ScramError } from './scram-error.ts';

/** What a server brings into an exchange; `nonce` is fresh and printable, without a comma. */
export interface ServerOffer {
  /** The one that the client chose. */
  readonly mechanism: ScramMechanism;
  /** Data of `tls-server-end-point`; null when PLUS was not offered. */
  readonly binding: Uint8Array | null;
  readonly nonce: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** Between server-first and client-final. */
export interface ServerExchange {
  readonly serverFirst: string;
  readonly clientFirstBare: string;
  readonly nonce: string;
  /** What the client has to give back as `c=`. */
  readonly binding: Buffer;
}

/** Answers a client-first-message. Throws `ScramError`. */
export function answerClientFirst(message: Uint8Array, offer: ServerOffer): ServerExchange {
  const first = readClientFirst(message);
  const data = boundTo(first, offer);
  const nonce = first.nonce + offer.nonce;
  return {
    serverFirst: writeServerFirst({ nonce, salt: offer.salt, iterations: offer.iterations }),
    clientFirstBare: first.bare,
    nonce,
    binding: Buffer.concat([Buffer.from(first.gs2Header, 'utf8'), data]),
  };
}

/** What verifies the client, once binding and nonce are right. Throws `ScramError`. */
export function acceptClientFinal(
  message: Uint8Array,
  { serverFirst, clientFirstBare, nonce, binding }: ServerExchange,
): { readonly authMessage: string; readonly clientProof: Buffer } {
  const final = readClientFinal(message);
  if (final.nonce !== nonce) throw new ScramError('wrong-nonce', 'the client gave back another nonce');
  if (!final.binding.equals(binding)) {
    throw new ScramError('wrong-binding', 'the client is bound to another TLS connection: something stands between');
  }
  return { authMessage: authMessage(clientFirstBare, serverFirst, final.withoutProof), clientProof: final.proof };
}

/** The server-final-message that proves the server. */
export function serverFinal(serverSignature: Uint8Array): string {
  return `v=${Buffer.from(serverSignature).toString('base64')}`;
}

/** The data to bind to (RFC 5802, section 6). A client that says `y` was kept from seeing that we offer PLUS. */
function boundTo(first: ClientFirst, { mechanism, binding }: ServerOffer): Uint8Array {
  if (mechanism === scramPlusMechanism) {
    if (binding === null || first.flag !== 'p') {
      throw new ScramError('malformed', 'SCRAM-SHA-256-PLUS needs a channel binding on both sides');
    }
    if (first.bindingType !== bindingType) {
      throw new ScramError('unsupported', `the only channel binding that is supported is ${bindingType}`);
    }
    return binding;
  }
  if (first.flag === 'p') throw new ScramError('malformed', 'SCRAM-SHA-256 has no channel binding');
  if (first.flag === 'y' && binding !== null) {
    throw new ScramError('downgrade', 'the client was not shown that channel binding is offered');
  }
  return Buffer.alloc(0);
}
