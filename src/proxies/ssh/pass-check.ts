import type { ProxyDoor, VerifiedPass } from '../../application/admission/door.ts';
import type { ShownSignature } from '../../application/ports/public-keys.ts';
import type { ProofTranscript } from '../../application/ports/token-proofs.ts';
import { type LoginName, parseLoginName } from '../kit/login-name.ts';
import { hostKeyAlgorithms } from './algorithms.ts';

interface Shown {
  readonly userName: string;
  readonly transcript: ProofTranscript;
}
type Offer = Pick<ShownSignature, 'algorithm' | 'key'>;

/** What is shown when nothing could be read. */
const nothing: Shown = { userName: '', transcript: { mechanism: 'plain', secret: '' } };

/** What a client has shown last, and what the application says of it; every error is a no. */
export class PassCheck {
  readonly #door: ProxyDoor;
  readonly #source: string;
  #shown: Shown = nothing;
  #offer: Offer | undefined;

  constructor(door: ProxyDoor, source: string) {
    this.#door = door;
    this.#source = source;
  }

  /** A public key without a signature, which `mayBePass` then judges. */
  offered(offer: Offer): void {
    this.#offer = offer;
  }

  /** A token or a signature, which `verify` then judges. */
  shown(userName: string, transcript: ProofTranscript): void {
    this.#shown = { userName, transcript };
  }

  /** Whether a signature by the offered key may be of use: asked of the key alone, so that every login name gets the same answer. */
  async mayBePass(): Promise<boolean> {
    const { algorithm, key } = this.#offer ?? {};
    this.#offer = undefined;
    if (key === undefined || !hostKeyAlgorithms.some((known) => known === algorithm)) return false;
    return await this.#door.mayBePass(key).catch(() => false);
  }

  /** The pass that is proven, and where its person wants to go. */
  async verify(): Promise<{ readonly name: LoginName; readonly pass: VerifiedPass } | null> {
    const { userName, transcript } = this.#shown;
    this.#shown = nothing;
    const name = parseLoginName(userName);
    // Nobody is called ''. What can't be read is refused and noted like any other name.
    const pass = await this.#ask(name.ok ? name.user : '', transcript);
    return name.ok && pass !== null ? { name, pass } : null;
  }

  /** A login name too long for a packet, for example, never becomes a pass shown; the audit learns of it all the same. */
  noteBrokenLogin(): void {
    void this.#ask(nothing.userName, nothing.transcript);
  }

  async #ask(userName: string, transcript: ProofTranscript): Promise<VerifiedPass | null> {
    const shown = { door: 'ssh' as const, source: this.#source, userName, transcript };
    const taken = await this.#door.verifyPass(shown).catch(() => null);
    return taken?.pass ?? null;
  }
}
