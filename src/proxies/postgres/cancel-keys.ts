import { randomBytes, timingSafeEqual } from 'node:crypto';

/** What a client gets as BackendKeyData: drawn here, so that a key says nothing of the target and opens nothing there. */
export interface CancelKey {
  /** Positive, 31 random bits; it also tells the connections apart. */
  readonly processId: number;
  /** 4 random bytes, as protocol 3.0 has it. */
  readonly secret: Buffer;
}

/** The cancel keys of all open sessions of this proxy, and what each stops. */
export class CancelKeys<T> {
  readonly #held = new Map<number, { readonly secret: Buffer; readonly holder: T }>();

  issue(holder: T): CancelKey {
    let processId: number;
    do processId = randomBytes(4).readUInt32BE() >>> 1;
    while (processId === 0 || this.#held.has(processId));
    const secret = randomBytes(4);
    this.#held.set(processId, { secret, holder });
    return { processId, secret };
  }

  /** Whose key it is; undefined for a foreign, wrong or old one, and nobody is told (Message Flow, "Canceling Requests in Progress"). */
  find(processId: number, secret: Uint8Array): T | undefined {
    const held = this.#held.get(processId);
    if (held?.secret.length !== secret.length) return undefined;
    return timingSafeEqual(held.secret, secret) ? held.holder : undefined;
  }

  drop({ processId }: CancelKey): void {
    this.#held.delete(processId);
  }
}
