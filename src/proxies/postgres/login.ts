import { randomBytes } from 'node:crypto';
import type { Admission, EndListener, NoticeListener, PassTaken, ProxyDoor } from '../../application/admission/door.ts';
import { type ScramMechanism, scramMechanism, scramPlusMechanism } from '../../wire/scram/messages.ts';
import { ScramError } from '../../wire/scram/scram-error.ts';
import { acceptClientFinal, answerClientFirst, type ServerExchange, serverFinal } from '../../wire/scram/server.ts';
import { askAdmission } from '../kit/ask-admission.ts';
import { internalFault } from '../kit/goodbye.ts';
import { type LoginName, parseLoginName } from '../kit/login-name.ts';
import { encodeBackend } from './codec/backend-encode.ts';
import { decodeFrontend } from './codec/frontend.ts';
import { decodeSaslInitialResponse } from './codec/sasl.ts';
import { type LastWords, passRefused } from './goodbye.ts';

const nonceBytes = 18;

export interface Applicant {
  readonly loginName: string;
  /** The network address, without port. */
  readonly source: string;
  /** What the client says it is. */
  readonly client: string;
}

/** SCRAM with the temporary token as password (RFC 5802, RFC 7677), and what it proves: who is at the door, and where to. */
export class Login {
  readonly #door: ProxyDoor;
  readonly #applicant: Applicant;
  readonly #endPoint: Buffer | null;
  readonly #name: LoginName | null;
  #heard: Buffer | undefined;
  #exchange: ServerExchange | undefined;
  #taken: PassTaken | null = null;

  constructor(door: ProxyDoor, applicant: Applicant, endPoint: Buffer | null) {
    this.#door = door;
    this.#applicant = applicant;
    this.#endPoint = endPoint;
    const name = parseLoginName(applicant.loginName);
    this.#name = name.ok ? name : null;
  }

  /** Nobody is called ''. What can't be read is refused and noted like any other name. */
  get #user(): string {
    return this.#name?.user ?? '';
  }

  /** AuthenticationSASL. */
  ask(): Buffer {
    return encodeBackend.authenticationSasl(
      this.#endPoint === null ? [scramMechanism] : [scramPlusMechanism, scramMechanism],
    );
  }

  /** An answer of the client; which one, its turn says. Throws ProtocolError. */
  heard(message: Buffer): 'sasl-first' | 'sasl-final' {
    const read = decodeFrontend(message);
    if (read.type !== 'authentication') throw new Error('no answer to what was asked');
    this.#heard = Buffer.from(read.data);
    return this.#exchange === undefined ? 'sasl-first' : 'sasl-final';
  }

  /** The server-first-message; null: the client's message is none. */
  async challenge(): Promise<Buffer | null> {
    try {
      const { mechanism, response } = decodeSaslInitialResponse(this.#heard ?? Buffer.alloc(0));
      if (response === null || !isMechanism(mechanism)) return null;
      const parameters = await this.#door.scramParameters(this.#user);
      const nonce = randomBytes(nonceBytes).toString('base64');
      this.#exchange = answerClientFirst(response, { mechanism, binding: this.#endPoint, nonce, ...parameters });
      return encodeBackend.authenticationSaslContinue(Buffer.from(this.#exchange.serverFirst));
    } catch (error) {
      // Somebody on the way has hidden from the client that binding is offered: a login that failed, and is noted as one.
      if (error instanceof ScramError && error.code === 'downgrade') await this.#prove();
      return null;
    }
  }

  /** Null: the token is good. Every no reads the same. */
  async verify(): Promise<LastWords | null> {
    this.#taken = await this.#prove().catch(() => null);
    // A good token with a name that says nothing is no login either.
    return this.#taken === null || this.#name === null ? passRefused(this.#door.portalUrl) : null;
  }

  async #prove(): Promise<PassTaken | null> {
    const { source } = this.#applicant;
    const shown = { door: 'postgres' as const, source, userName: this.#user };
    const proof = proofIn(this.#heard, this.#exchange);
    const transcript = { mechanism: 'scram-sha-256' as const, userName: this.#user, ...proof };
    return await this.#door.verifyPass({ ...shown, transcript });
  }

  /** AuthenticationSASLFinal, which proves us to the client. */
  accepted(): readonly Buffer[] {
    const signature = this.#taken?.serverSignature;
    if (signature === undefined || signature === null) return [];
    return [encodeBackend.authenticationSaslFinal(Buffer.from(serverFinal(signature)))];
  }

  /** Never rejects. */
  async admit(end: EndListener, notice: NoticeListener): Promise<Admission> {
    if (this.#taken === null || this.#name === null) return { ok: false, message: internalFault };
    const { source, client } = this.#applicant;
    const who = { pass: this.#taken.pass, name: this.#name, source, client };
    return await askAdmission(this.#door, { ...who, protocol: 'postgres', reason: '' }, end, notice);
  }
}

function isMechanism(name: string): name is ScramMechanism {
  return name === scramMechanism || name === scramPlusMechanism;
}

/** A message that is no proof proves nothing, and is noted like a wrong one. */
function proofIn(
  heard: Buffer | undefined,
  exchange: ServerExchange | undefined,
): { authMessage: string; clientProof: Uint8Array } {
  const none = { authMessage: '', clientProof: Buffer.alloc(0) };
  if (heard === undefined || exchange === undefined) return none;
  try {
    return acceptClientFinal(heard, exchange);
  } catch {
    return none;
  }
}
