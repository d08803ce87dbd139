import type { LiveSession } from '../../application/admission/door.ts';
import type { TerminalChannel, TerminalExit } from '../../application/ports/target-terminal.ts';
import type { Carrier, CarrierOptions } from './carrier.ts';
import type { ClientChannel } from './client-channel.ts';
import { guarded } from '../kit/guarded.ts';
import { Inlet } from './inlet.ts';

/**
 * The client's side of what a carrier carries. What comes before the target has answered waits in the inlet, within the
 * channel's window; every byte is counted, here and in the session, as soon as there is one.
 */
export class ClientSide {
  readonly channel: ClientChannel;
  readonly #inlet: Inlet;
  #target: TerminalChannel | undefined;
  #session: LiveSession | undefined;
  #fault: (() => void) | undefined;
  #received = 0;
  #sent = 0;
  #stopped = false;

  /** `passing` sees the client's bytes right before they go to the target. */
  constructor(channel: ClientChannel, passing?: (data: Buffer) => void) {
    this.channel = channel;
    this.#inlet = new Inlet((bytes) => this.safely(() => channel.consumed(bytes)), passing);
  }

  get bytes(): Carrier['bytes'] {
    return { bytesReceived: this.#received, bytesSent: this.#sent };
  }

  /** Nothing passes any more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Opens the target's channel; when the client was `stopped` meanwhile, that is closed again. */
  async open({ terminal, request, session, onOpen, onFault }: CarrierOptions): Promise<TerminalChannel> {
    const target = await terminal.open(request);
    this.#target = target;
    this.#fault = onFault;
    onOpen();
    if (this.#stopped) target.close();
    else {
      this.#session = session;
      session.received(this.#received);
    }
    return target;
  }

  /** From here on what the client sends goes there. */
  passTo(stream: NodeJS.WritableStream): void {
    this.#inlet.open(stream);
  }

  /** Bytes of the client; `byPerson` as in `LiveSession.received`. */
  take(data: Buffer, byPerson = true): void {
    if (this.#stopped) return;
    this.#received += data.length;
    this.#session?.received(data.length, byPerson);
    this.#inlet.write(data);
  }

  eof(): void {
    this.#inlet.end();
  }

  /** Bytes to the client; `gone` is called when they have been handed to the network, or dropped. */
  send(code: number, data: Buffer, gone: () => void): void {
    this.channel.write(code, data, () => {
      this.#sent += data.length;
      this.#session?.sent(data.length);
      gone();
    });
  }

  finish(exit: TerminalExit): void {
    this.channel.finish(exit);
  }

  stop(): void {
    this.#stopped = true;
    this.#inlet.stop();
    this.#target?.close();
  }

  signal(name: string): void {
    if (!this.#stopped) this.#target?.signal(name);
  }

  /** For what streams, timers and promises call: an error of ours there ends the connection, not the process. */
  safely(act: () => void): void {
    guarded(act, () => this.#fault?.());
  }
}
