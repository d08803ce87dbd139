import { timingSafeEqual } from 'node:crypto';
import { clientProof, scramKeys, serverSignature } from './keys.ts';
import {
  authMessage,
  bindingType,
  readServerFinal,
  readServerFirst,
  type ScramMechanism,
  scramMechanism,
  scramPlusMechanism,
} from './messages.ts';
import { passwordBytes } from './password.ts';
import { ScramError } from './scram-error.ts';

/** The server names the count and we do the work: a second of a core at the most. */
const mostIterations = 1_000_000;

/** After client-first. */
export interface ClientExchange {
  readonly mechanism: ScramMechanism;
  /** The client-first-message. */
  readonly message: string;
  readonly bare: string;
  readonly nonce: string;
  /** What the client-final-message holds as `c=`. */
  readonly binding: Buffer;
}

/** After client-final. */
export interface ClientProven {
  /** The client-final-message. */
  readonly message: string;
  /** What the server has to prove itself with. */
  readonly serverSignature: Buffer;
}

/**
 * Begins an exchange with the strongest of the `offered` mechanisms. `binding`: data of `tls-server-end-point`, null when
 * there is none; `nonce` is fresh and printable, without a comma. No name is sent: PostgreSQL takes that of the
 * StartupMessage. Throws `ScramError` when neither mechanism is offered.
 */
export function beginScram(offered: readonly string[], binding: Uint8Array | null, nonce: string): ClientExchange {
  const plus = binding !== null && offered.includes(scramPlusMechanism);
  if (!plus && !offered.includes(scramMechanism)) {
    throw new ScramError('unsupported', 'the server offers no SCRAM-SHA-256 that this connection can speak');
  }
  // `y` lets a server that does offer PLUS see that somebody took it out of the list.
  const gs2Header = plus ? `p=${bindingType},,` : `${binding === null ? 'n' : 'y'},,`;
  const bare = `n=,r=${nonce}`;
  return {
    mechanism: plus ? scramPlusMechanism : scramMechanism,
    message: gs2Header + bare,
    bare,
    nonce,
    binding: Buffer.concat([Buffer.from(gs2Header, 'utf8'), plus ? binding : Buffer.alloc(0)]),
  };
}

/** Answers a server-first-message with the proof of the password. Rejects with `ScramError`. */
export async function proveClient(
  { bare, nonce, binding }: ClientExchange,
  serverFirst: Uint8Array,
  password: string,
): Promise<ClientProven> {
  const first = readServerFirst(serverFirst);
  if (!first.nonce.startsWith(nonce) || first.nonce.length === nonce.length) {
    throw new ScramError('wrong-nonce', 'the server added nothing to the nonce, or gave back another one');
  }
  if (first.iterations > mostIterations) {
    throw new ScramError('too-many-iterations', `the server asks for more than ${mostIterations} iterations`);
  }
  const keys = await scramKeys(passwordBytes(password), first.salt, first.iterations);
  const withoutProof = `c=${binding.toString('base64')},r=${first.nonce}`;
  const signed = authMessage(bare, first.text, withoutProof);
  return {
    message: `${withoutProof},p=${clientProof(keys, signed).toString('base64')}`,
    serverSignature: serverSignature(keys.serverKey, signed),
  };
}

/** Throws `ScramError` unless the server-final-message proves that the server knows the password's keys too. */
export function checkServer({ serverSignature: expected }: ClientProven, message: Uint8Array): void {
  if (timingSafeEqual(readServerFinal(message), expected)) return;
  throw new ScramError('wrong-signature', 'the server does not know the password that it let in');
}
