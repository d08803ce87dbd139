import { ProtocolError } from '../../domain/kernel/errors.ts';

/**
 * An exchange after fewer bytes than this is early; so many early ones within so many milliseconds are a storm. OpenSSH with
 * a RekeyLimit of 512K begins one every 35 kB.
 */
const enough = 16 * 1024;
const mostEarly = 10;
const span = 60_000;

/** Key exchanges that a peer begins on a connection that has keys: each costs it a message and us a signature. */
export class Rekeys {
  #passed = 0;
  #early: readonly number[] = [];

  /** One more, when `bytes` have passed in all, at `now` in milliseconds. Throws when they come as a storm. */
  begun(bytes: number, now: number): void {
    const early = bytes - this.#passed < enough;
    this.#passed = bytes;
    if (!early) return;
    this.#early = [...this.#early.filter((at) => now - at < span), now];
    if (this.#early.length > mostEarly) {
      throw new ProtocolError('rekey-storm', 0, 'the peer exchanges keys again and again without using them');
    }
  }
}
