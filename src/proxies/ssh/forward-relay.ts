import type { LiveSession } from '../../application/admission/door.ts';
import type { ForwardChannel } from '../../application/ports/target-terminal.ts';
import type { Channel } from './channel.ts';
import { Inlet } from './inlet.ts';
import { standStill } from './stand-still.ts';

/** Bytes that may wait for the client before the target is paused. */
const highWater = 256 * 1024;
/** How long the target may take for what came before the client closed, in milliseconds. */
const lastBytesMilliseconds = 5000;

/** Carries one connection between a client's channel and a target's, byte for byte; each side may end its direction alone. */
export class ForwardRelay {
  /** Resolves, with the bytes from and to the person, when both sides are done. */
  readonly done: Promise<{ readonly bytesReceived: number; readonly bytesSent: number }>;
  readonly #channel: Channel;
  readonly #target: ForwardChannel;
  readonly #inlet: Inlet;
  #received = 0;
  #sent = 0;
  #held = 0;

  constructor(channel: Channel, target: ForwardChannel, session: LiveSession) {
    this.#channel = channel;
    this.#target = target;
    this.#inlet = new Inlet((bytes) => channel.consumed(bytes));
    this.#inlet.open(target.stdin);
    channel.events = {
      data: (code, data) => {
        if (code !== 0) {
          channel.consumed(data.length);
          return;
        }
        this.#received += data.length;
        session.received(data.length);
        this.#inlet.write(data);
      },
      eof: () => this.#inlet.end(),
      request: (_name, _data, reply) => reply(false),
      closed: () => this.#left(),
    };
    const { stdout } = target;
    const ended = new Promise<void>((resolve) => {
      for (const last of ['end', 'close']) stdout.once(last, () => resolve());
    });
    stdout.on('data', (data: Buffer) => {
      this.#held += data.length;
      channel.write(0, data, () => {
        this.#held -= data.length;
        this.#sent += data.length;
        session.sent(data.length);
        this.#flow();
      });
      this.#flow();
    });
    stdout.once('end', () => channel.eof());
    this.done = Promise.all([ended, target.closed]).then(async () => {
      await channel.flushed();
      channel.close();
      return { bytesReceived: this.#received, bytesSent: this.#sent };
    });
  }

  /** Nothing passes any more, either way. */
  cut(): void {
    this.#inlet.stop();
    this.#target.stdout.removeAllListeners('data').resume();
    this.#target.close();
    this.#channel.close(true);
  }

  /** The client is gone: what it sent still goes to the target, what comes from there is nobody's. */
  #left(): void {
    const { stdin, stdout } = this.#target;
    const close = (): void => this.#target.close();
    stdout.removeAllListeners('data').resume();
    const timer = setTimeout(close, lastBytesMilliseconds);
    const gone = (): void => {
      clearTimeout(timer);
      close();
    };
    stdin.once('close', gone);
    stdin.once('finish', gone);
    this.#inlet.end();
  }

  #flow(): void {
    standStill(this.#held > highWater || this.#channel.full, this.#target.stdout);
  }
}
