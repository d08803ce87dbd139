import type { LiveSession } from '../../application/admission/door.ts';
import { printable } from '../kit/goodbye.ts';
import { stderrCode } from './channel.ts';
import type { ClientChannel } from './client-channel.ts';
import type { Tap } from './tap.ts';

/** What we say ourselves where the target's output goes. Once there is a session, it is output like any other. */
export class OwnWords {
  readonly #channel: Pick<ClientChannel, 'id' | 'write'>;
  #live: { readonly tap: Tap; readonly session: Pick<LiveSession, 'sent'> } | undefined;

  constructor(channel: Pick<ClientChannel, 'id' | 'write'>) {
    this.#channel = channel;
  }

  /** Whether what is said is recorded. */
  get inSession(): boolean {
    return this.#live !== undefined;
  }

  /** From here on words are recorded first, and counted. */
  recordTo(tap: Tap, session: Pick<LiveSession, 'sent'>): void {
    this.#live = { tap, session };
  }

  /** `then` is called once they are queued, behind what is recorded already. */
  say(message: string, atTerminal: boolean, then: () => void): void {
    // A terminal shows one stream, and needs the line to begin at its left edge.
    const [code, line]: [number, string] = atTerminal
      ? [0, `\r\nsallyport: ${printable(message)}\r\n`]
      : [stderrCode, `sallyport: ${printable(message)}\n`];
    const text = Buffer.from(line);
    const send = (): void => {
      this.#channel.write(code, text, () => this.#live?.session.sent(text.length));
      then();
    };
    let recorded: void | Promise<void> = undefined;
    try {
      recorded = this.#live?.tap.output(this.#channel.id, code, [text]);
    } catch {
      // The person learns why it ends although the recording, which may be the reason, can't be written.
    }
    if (recorded === undefined) send();
    else recorded.then(send, send);
  }
}
