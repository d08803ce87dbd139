import type {
  Admission,
  EndListener,
  NoticeListener,
  ProxyDoor,
  Reach,
  VerifiedPass,
} from '../../application/admission/door.ts';
import type { Prompter } from '../../application/ports/target-terminal.ts';
import { within } from '../../application/within.ts';
import { askAdmission } from '../kit/ask-admission.ts';
import { clientNameOf } from '../kit/client-name.ts';
import { internalFault } from '../kit/goodbye.ts';
import type { LoginName } from '../kit/login-name.ts';
import type { Chosen } from './menu/choices.ts';
import { askReason } from './reason-question.ts';

type Door = Pick<ProxyDoor, 'isLive' | 'attend' | 'admit' | 'reachable'>;

/** Who is at the door, with which program, and where to: what admission is asked. */
export class Applicant {
  readonly #door: Door;
  readonly #source: string;
  readonly #client: string;
  readonly #reasonMilliseconds: number;
  #reason = '';
  #proven: { readonly pass: VerifiedPass; readonly name: LoginName } | null = null;

  constructor(door: Door, source: string, identification: string, reasonMilliseconds: number) {
    this.#reasonMilliseconds = reasonMilliseconds;
    this.#door = door;
    this.#source = source;
    this.#client = clientNameOf(identification);
  }

  get isKnown(): boolean {
    return this.#proven !== null;
  }

  get userId(): string {
    return this.#proven?.pass.userId ?? '';
  }

  get namesTarget(): boolean {
    return this.#proven !== null && this.#proven.name.target !== null;
  }

  /** The pass was good. Null: it was not. */
  proved(proven: { readonly pass: VerifiedPass; readonly name: LoginName } | null): void {
    this.#proven = proven;
  }

  /** `reason`: what they want it for, if it was asked. */
  chose(chosen: Chosen, reason: string): void {
    this.#reason = reason;
    if (this.#proven !== null) this.#proven = { ...this.#proven, name: { ...this.#proven.name, ...chosen } };
  }

  /** What they want it for, if they said so beforehand. */
  because(reason: string): void {
    this.#reason = reason;
  }

  /** Whether the pass still is what it was at the login. */
  async isLive(): Promise<boolean> {
    return this.#proven !== null && (await this.#door.isLive(this.#proven.pass));
  }

  /** From here on `end` is called when it is no more; gives what ends that. */
  attend(end: EndListener): () => void {
    return this.#proven === null ? () => {} : this.#door.attend(this.#proven.pass, end);
  }

  /** What they may choose from. Never rejects. */
  async reachable(): Promise<Reach> {
    if (this.#proven === null) return { ok: false };
    const wish = { pass: this.#proven.pass, protocol: 'ssh', source: this.#source } as const;
    return await this.#door.reachable(wish).catch(() => ({ ok: false }));
  }

  /** Asks again with a reason when one is missing and `prompter` brings one. Never rejects. */
  async admit(end: EndListener, notice: NoticeListener, prompter: Prompter): Promise<Admission> {
    const answer = await this.#admit(end, notice);
    if (answer.ok || answer.asks === undefined || this.#proven === null) return answer;
    const { target, account } = this.#proven.name;
    const place = account === null ? (target ?? '') : `${account} on ${target ?? ''}`;
    let given = '';
    const asked = askReason(prompter, place, answer.asks).then((reason) => (given = reason));
    await within(this.#reasonMilliseconds, asked);
    this.#reason = given;
    return given === '' ? answer : await this.#admit(end, notice);
  }

  async #admit(end: EndListener, notice: NoticeListener): Promise<Admission> {
    if (this.#proven === null) return { ok: false, message: internalFault };
    const [source, client, reason] = [this.#source, this.#client, this.#reason];
    const asking = { ...this.#proven, protocol: 'ssh', source, client, reason } as const;
    return await askAdmission(this.#door, asking, end, notice);
  }
}
