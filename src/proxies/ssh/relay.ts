import type { TerminalChannel, TerminalExit } from '../../application/ports/target-terminal.ts';
import { isTerminalAnswer } from '../../application/terminals/terminal-answers.ts';
import { type Carrier, type CarrierOptions, highWater } from './carrier.ts';
import { stderrCode } from './channel.ts';
import type { ClientChannel } from './client-channel.ts';
import { ClientSide } from './client-side.ts';
import type { WindowSize } from './codec/requests.ts';
import { standStill } from './stand-still.ts';

/**
 * Output that came in one turn of the event loop, or while a record was being written, is one record and leaves
 * together, up to so many bytes.
 */
const mostTogether = 512 * 1024;
/** Above this many, pieces are copied into one: those of one byte would keep some hundred bytes alive each. */
const mostPieces = 1024;

/** Carries one shell or command between the two legs, byte for byte. */
export class Relay implements Carrier {
  readonly channel: ClientChannel;
  readonly #client: ClientSide;
  #options: CarrierOptions | undefined;
  #target: TerminalChannel | undefined;
  #size: WindowSize | undefined;
  #resizing = false;
  #held = 0;
  /** Passes on what the stream that came last has gathered in this turn. */
  #gathering: (() => void) | undefined;
  /** Records of output under way. */
  #recording = 0;

  constructor(channel: ClientChannel) {
    this.channel = channel;
    this.#client = new ClientSide(channel, (data) => this.#options?.tap.typed(channel.id, data));
  }

  get bytes(): Carrier['bytes'] {
    return this.#client.bytes;
  }

  async run(options: CarrierOptions): Promise<TerminalExit> {
    const target = await this.#client.open(options);
    if (this.#client.stopped) return await target.exit;
    this.#options = options;
    this.#target = target;
    if (this.#size !== undefined) this.resize(this.#size);
    this.#client.passTo(target.stdin);
    const [exit] = await Promise.all([
      target.exit,
      this.#outlet(options, target, target.stdout, 0),
      this.#outlet(options, target, target.stderr, stderrCode),
    ]);
    return exit;
  }

  finish(exit: TerminalExit): void {
    this.#client.finish(exit);
  }

  stop(): void {
    this.#client.stop();
  }

  fromClient(data: Buffer): void {
    const pty = this.#options?.request.pty ?? null;
    this.#client.take(data, pty === null || !isTerminalAnswer(data));
  }

  eofFromClient(): void {
    this.#client.eof();
  }

  /** Of many sizes in one turn, or while one is being recorded, only the first and the last count. */
  resize(size: WindowSize): void {
    this.#size = size;
    const options = this.#options;
    if (this.#client.stopped || options === undefined || this.#resizing) return;
    this.#resizing = true;
    const next = (): void => {
      this.#resizing = false;
      if (this.#size !== undefined && this.#size !== size) this.resize(this.#size);
    };
    const write = () => options.tap.resized(this.channel.id, size);
    const recorded = Promise.resolve(this.#recorded(options, write, () => this.#target?.resize(size)));
    const later = (): NodeJS.Immediate => setImmediate(() => this.#client.safely(next));
    recorded.then(later, later);
  }

  signal(name: string): void {
    this.#client.signal(name);
  }

  /** Resolves when the stream has ended and its last byte is queued for the client. */
  async #outlet(
    options: CarrierOptions,
    target: TerminalChannel,
    stream: NodeJS.ReadableStream,
    code: number,
  ): Promise<void> {
    await new Promise<void>((resolve) => {
      let passed: Promise<void> | undefined;
      let together: Buffer[] = [];
      let bytes = 0;
      let planned: NodeJS.Immediate | undefined;
      const pass = (): void => {
        clearImmediate(planned);
        planned = undefined;
        const data = together;
        if (data.length === 0 || this.#client.stopped) return;
        together = [];
        bytes = 0;
        this.#recording += 1;
        const write = () => options.tap.output(this.channel.id, code, data);
        passed = this.#recorded(options, write, () => this.#deliver(target, code, data));
      };
      const gather = (data: Buffer): void => {
        if (this.#client.stopped) return;
        // What came first on the other stream goes first.
        if (this.#gathering !== pass) this.#gathering?.();
        this.#gathering = pass;
        together.push(data);
        if (together.length > mostPieces) together = [Buffer.concat(together)];
        bytes += data.length;
        this.#held += data.length;
        this.channel.hold(data.length);
        this.#flow(target);
        if (bytes >= mostTogether) pass();
        else if (this.#recording === 0) planned ??= setImmediate(() => this.#client.safely(pass));
      };
      stream.on('data', (data: Buffer) => this.#client.safely(() => gather(data)));
      const done = (): void => {
        this.#client.safely(pass);
        if (passed === undefined) resolve();
        else void passed.then(resolve);
      };
      stream.once('end', done);
      stream.once('close', done);
    });
  }

  /** What stands in the record goes to the client, although the session was stopped meanwhile. */
  #deliver(target: TerminalChannel, code: number, pieces: readonly Buffer[]): void {
    this.#recording -= 1;
    for (const data of pieces) {
      this.channel.hold(-data.length);
      this.#client.send(code, data, () => {
        this.#held -= data.length;
        this.#flow(target);
      });
    }
    if (this.#recording === 0) this.#gathering?.();
  }

  /** Both streams stand still while the recording or the client is behind. */
  #flow(target: TerminalChannel): void {
    standStill(this.#held > highWater || this.channel.full, target.stdout, target.stderr);
  }

  /** Writes first, then does: at once when the record is already in the kernel, else in the order of the writes. */
  #recorded(options: CarrierOptions, write: () => void | Promise<void>, then: () => void): Promise<void> | undefined {
    let written: void | Promise<void>;
    try {
      written = write();
    } catch {
      options.onRecordingFailed();
      return undefined;
    }
    if (written === undefined) {
      then();
      return undefined;
    }
    return written.then(then).catch(() => options.onRecordingFailed());
  }
}
