import type { TerminalChannel, TerminalExit } from '../../application/ports/target-terminal.ts';
import { type Carrier, type CarrierOptions, highWater } from './carrier.ts';
import { type Channel, stderrCode } from './channel.ts';
import { encodeExit, type WindowSize } from './codec/requests.ts';
import { Inlet } from './inlet.ts';
import { isTerminalAnswer } from './terminal-answers.ts';

/**
 * Output that came in one turn of the event loop, or while a record was being written, is one record and leaves
 * together, up to so many bytes.
 */
const mostTogether = 512 * 1024;
/** Above this many, pieces are copied into one: those of one byte would keep some hundred bytes alive each. */
const mostPieces = 1024;

/**
 * Carries one shell or command between the two legs, byte for byte. What the client sends before the target has
 * answered waits in the inlet, within the channel's window.
 */
export class Relay implements Carrier {
  readonly channel: Channel;
  #options: CarrierOptions | undefined;
  #target: TerminalChannel | undefined;
  readonly #inlet: Inlet;
  #size: WindowSize | undefined;
  #resizing = false;
  /** Bytes that came before there was a session to count them. */
  #early = 0;
  #received = 0;
  #sent = 0;
  #held = 0;
  /** Passes on what the stream that came last has gathered in this turn. */
  #gathering: (() => void) | undefined;
  /** Records of output under way. */
  #recording = 0;
  #stopped = false;

  constructor(channel: Channel) {
    this.channel = channel;
    this.#inlet = new Inlet(
      (bytes) => channel.consumed(bytes),
      (data) => this.#options?.tap.typed(channel.id, data),
    );
  }

  get bytes(): Carrier['bytes'] {
    return { bytesReceived: this.#received, bytesSent: this.#sent };
  }

  async run(options: CarrierOptions): Promise<TerminalExit> {
    const target = await options.terminal.open(options.request);
    this.#options = options;
    this.#target = target;
    options.onOpen();
    if (this.#stopped) {
      target.close();
      return await target.exit;
    }
    if (this.#size !== undefined) this.resize(this.#size);
    options.session.received(this.#early);
    this.#inlet.open(target.stdin);
    const [exit] = await Promise.all([
      target.exit,
      this.#outlet(options, target, target.stdout, 0),
      this.#outlet(options, target, target.stderr, stderrCode),
    ]);
    return exit;
  }

  finish(exit: TerminalExit): void {
    const said = encodeExit(exit);
    this.channel.eof();
    if (said !== null) this.channel.lastRequest(said.name, said.data);
    this.channel.close();
  }

  stop(): void {
    this.#stopped = true;
    this.#inlet.stop();
    this.#target?.close();
  }

  fromClient(data: Buffer): void {
    if (this.#stopped) return;
    this.#received += data.length;
    const options = this.#options;
    if (options === undefined) this.#early += data.length;
    else options.session.received(data.length, options.request.pty === null || !isTerminalAnswer(data));
    this.#inlet.write(data);
  }

  eofFromClient(): void {
    this.#inlet.end();
  }

  /** Of many sizes in one turn, or while one is being recorded, only the first and the last count. */
  resize(size: WindowSize): void {
    this.#size = size;
    const options = this.#options;
    if (this.#stopped || options === undefined || this.#resizing) return;
    this.#resizing = true;
    const next = (): void => {
      this.#resizing = false;
      if (this.#size !== undefined && this.#size !== size) this.resize(this.#size);
    };
    const write = () => options.tap.resized(this.channel.id, size);
    const recorded = Promise.resolve(this.#recorded(options, write, () => this.#target?.resize(size)));
    const later = (): NodeJS.Immediate => setImmediate(next);
    recorded.then(later, later);
  }

  signal(name: string): void {
    if (!this.#stopped) this.#target?.signal(name);
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
        if (data.length === 0 || this.#stopped) return;
        together = [];
        bytes = 0;
        this.#recording += 1;
        const write = () => options.tap.output(this.channel.id, code, data);
        passed = this.#recorded(options, write, () => this.#deliver(options, target, code, data));
      };
      stream.on('data', (data: Buffer) => {
        if (this.#stopped) return;
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
        else if (this.#recording === 0) planned ??= setImmediate(pass);
      });
      const done = (): void => {
        pass();
        if (passed === undefined) resolve();
        else void passed.then(resolve);
      };
      stream.once('end', done);
      stream.once('close', done);
    });
  }

  /** What stands in the record goes to the client, although the session was stopped meanwhile. */
  #deliver({ session }: CarrierOptions, target: TerminalChannel, code: number, pieces: readonly Buffer[]): void {
    this.#recording -= 1;
    for (const data of pieces) {
      this.channel.hold(-data.length);
      this.channel.write(code, data, () => {
        this.#held -= data.length;
        session.sent(data.length);
        this.#sent += data.length;
        this.#flow(target);
      });
    }
    if (this.#recording === 0) this.#gathering?.();
  }

  /** Both streams stand still while the recording or the client is behind. */
  #flow(target: TerminalChannel): void {
    const wait = this.#held > highWater || this.channel.full;
    for (const stream of [target.stdout, target.stderr]) {
      if (wait && !stream.isPaused()) stream.pause();
      else if (!wait && stream.isPaused()) stream.resume();
    }
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
