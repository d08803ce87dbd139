import { keyBytes } from './keys.ts';
import { ScramError } from './scram-error.ts';

/** Names of the mechanisms (RFC 7677); PLUS is the one with channel binding. */
export type ScramMechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-256-PLUS';
export const scramMechanism = 'SCRAM-SHA-256';
export const scramPlusMechanism = 'SCRAM-SHA-256-PLUS';

/** The one channel binding that is spoken (RFC 5929, section 4). */
export const bindingType = 'tls-server-end-point';

/** Longest message of an exchange, in bytes: four of them, with nonces of tens of bytes. */
const longestMessage = 4096;

/** What a peer sent, as text. Malformed UTF-8 would change under our hands, and with it the AuthMessage. */
function textOf(message: Uint8Array): string {
  if (message.length > longestMessage) throw malformed('longer than 4096 bytes');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(message);
  } catch {
    throw malformed('no UTF-8');
  }
}

/** RFC 5802, section 7: `client-first-message`. */
export interface ClientFirst {
  /** With the comma at its end. */
  readonly gs2Header: string;
  /** `n`: can't bind, `y`: thinks that the server can't, `p`: binds. */
  readonly flag: 'n' | 'y' | 'p';
  readonly bindingType: string | null;
  readonly bare: string;
  readonly nonce: string;
}

export function readClientFirst(message: Uint8Array): ClientFirst {
  const match = /^((?:p=([A-Za-z0-9.-]+)|([ny])),(a=[^,]*)?,)(.*)$/s.exec(textOf(message));
  if (match === null) throw malformed('no client-first-message');
  const [, gs2Header = '', type, flag, authorization, bare = ''] = match;
  if (authorization !== undefined) throw new ScramError('unsupported', 'an authorization identity is not supported');
  refuseExtension(bare);
  // The name is not read: the one given outside the exchange counts (PostgreSQL's clients send none here).
  const nonce = /^n=[^,\0]*,r=([^,]*)(?:,[A-Za-z]=[^,\0]+)*$/.exec(bare)?.[1];
  if (nonce === undefined || !isNonce(nonce)) throw malformed('no client-first-message');
  return { gs2Header, flag: type === undefined ? (flag as 'n' | 'y') : 'p', bindingType: type ?? null, bare, nonce };
}

/** `server-first-message`. */
export interface ServerFirst {
  readonly text: string;
  readonly nonce: string;
  readonly salt: Buffer;
  readonly iterations: number;
}

export function readServerFirst(message: Uint8Array): ServerFirst {
  const text = textOf(message);
  refuseExtension(text);
  const match = /^r=([^,]*),s=([^,]*),i=([1-9][0-9]{0,9})(?:,[A-Za-z]=[^,\0]+)*$/.exec(text);
  const [, nonce = '', salt = '', iterations] = match ?? [];
  const saltBytes = strictBase64(salt);
  if (!isNonce(nonce) || saltBytes === null || saltBytes.length === 0) throw malformed('no server-first-message');
  return { text, nonce, salt: saltBytes, iterations: Number(iterations) };
}

export function writeServerFirst({
  nonce,
  salt,
  iterations,
}: Omit<ServerFirst, 'text' | 'salt'> & { readonly salt: Uint8Array }): string {
  return `r=${nonce},s=${Buffer.from(salt).toString('base64')},i=${iterations}`;
}

/** `client-final-message`. */
export interface ClientFinal {
  readonly binding: Buffer;
  readonly nonce: string;
  readonly withoutProof: string;
  readonly proof: Buffer;
}

export function readClientFinal(message: Uint8Array): ClientFinal {
  const match = /^(c=([^,]*),r=([^,]*)(?:,[A-Za-z]=[^,\0]+)*),p=([^,]*)$/.exec(textOf(message));
  const [, withoutProof = '', binding = '', nonce = '', proof = ''] = match ?? [];
  const [bindingBytes, proofBytes] = [strictBase64(binding), strictBase64(proof)];
  if (!isNonce(nonce) || bindingBytes === null || proofBytes?.length !== keyBytes) {
    throw malformed('no client-final-message');
  }
  return { binding: bindingBytes, nonce, withoutProof, proof: proofBytes };
}

/** The ServerSignature of a `server-final-message`. */
export function readServerFinal(message: Uint8Array): Buffer {
  const text = textOf(message);
  if (/^e=[^,\0]+/.test(text)) throw new ScramError('refused', 'the server refused the proof');
  const signature = strictBase64(/^v=([^,]*)(?:,[A-Za-z]=[^,\0]+)*$/.exec(text)?.[1] ?? '');
  if (signature?.length !== keyBytes) throw malformed('no server-final-message');
  return signature;
}

/** RFC 5802, section 3: what both ends sign. */
export function authMessage(clientFirstBare: string, serverFirst: string, clientFinalWithoutProof: string): string {
  return `${clientFirstBare},${serverFirst},${clientFinalWithoutProof}`;
}

/** Printable ASCII without the comma. */
function isNonce(text: string): boolean {
  return /^[\x21-\x2b\x2d-\x7e]+$/.test(text);
}

/** RFC 5802, section 5.1, `m`: who does not know an extension that must be known has to fail. */
function refuseExtension(text: string): void {
  if (text.startsWith('m=')) throw new ScramError('unsupported', 'no mandatory extension of SCRAM is supported');
}

/** RFC 4648, section 4, as the encoder writes it: one text for one value. */
function strictBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

function malformed(what: string): ScramError {
  return new ScramError('malformed', `a message of the SCRAM exchange is malformed: ${what}`);
}
