import { Writable } from 'node:stream';
import type { TerminalChannel, TerminalExit } from '../../../application/ports/target-terminal.ts';
import { ProtocolError, SallyportError } from '../../../domain/kernel/errors.ts';
import { type Carrier, type CarrierOptions, highWater } from '../carrier.ts';
import { stderrCode } from '../channel.ts';
import type { ClientChannel } from '../client-channel.ts';
import { ClientSide } from '../client-side.ts';
import { standStill } from '../stand-still.ts';
import type { Noted } from './facts.ts';
import { addView, Outlet } from './outlet.ts';
import type { FileProtocol, FileWire, OpenChannel } from './wire.ts';

/** Evidence that may be on its way to the log before nothing more is taken from the client. */
const mostNoting = 64;

/**
 * Carries a file transfer between the two legs as its protocol says: contents are hashed as they pass and go into no
 * recording; what happened is durable before the client is told of it.
 */
export class FileRelay implements Carrier {
  readonly #channel: ClientChannel;
  readonly #open: OpenChannel;
  readonly #client: ClientSide;
  readonly #outlet: Outlet;
  readonly #broken = Promise.withResolvers<never>();
  #options: CarrierOptions | undefined;
  #target: TerminalChannel | undefined;
  #protocol: FileProtocol | undefined;
  /** Handed to the client's channel and not on the network yet. */
  #held = 0;
  /** What the client sent last and the protocol has not taken, and who waits for that. */
  #chunk: Buffer = Buffer.alloc(0);
  #done: (() => void) | undefined;
  #forTarget: Buffer[] = [];
  #underWay = 0;
  #idle: (() => void) | undefined;
  #recordingStderr = 0;
  readonly #said = new Set<string>();
  #ending: Promise<unknown> | undefined;

  constructor(channel: ClientChannel, open: OpenChannel) {
    this.#channel = channel;
    this.#open = open;
    this.#client = new ClientSide(channel);
    this.#outlet = new Outlet(
      (bytes) => this.#client.safely(() => this.#send(0, bytes)),
      (bytes) => channel.hold(bytes),
      () => this.#client.safely(() => this.#moved()),
    );
    this.#broken.promise.catch(() => {});
  }

  get bytes(): Carrier['bytes'] {
    return this.#client.bytes;
  }

  async run(options: CarrierOptions): Promise<TerminalExit> {
    const target = await this.#client.open(options);
    if (this.#client.stopped) return await target.exit;
    this.#options = options;
    this.#target = target;
    this.#protocol = this.#open(this.#wire(), this.#channel.id, options.session.authorized.channels.ssh);
    this.#client.passTo(this.#sink(target));
    const streams = [
      this.#listen(target.stdout, (data) => this.#fromTarget(data)),
      this.#listen(target.stderr, (data) => this.#sayError(data)),
    ];
    const [exit] = await Promise.race([Promise.all([target.exit, ...streams]), this.#broken.promise]);
    await this.#drained();
    await this.#end();
    return exit;
  }

  finish(exit: TerminalExit): void {
    this.#client.finish(exit);
  }

  /** What was open is noted as broken off. */
  stop(): void {
    if (this.#client.stopped) return;
    void this.#end();
    this.#client.stop();
    this.#idle?.();
  }

  fromClient(data: Buffer): void {
    this.#client.take(data);
  }

  eofFromClient(): void {
    this.#client.eof();
  }

  /** A transfer has no terminal. */
  resize(): void {}

  signal(name: string): void {
    this.#client.signal(name);
  }

  #wire(): FileWire {
    return {
      toTarget: (bytes) => void addView(this.#forTarget, bytes),
      toClient: (bytes, noted) => {
        const durable = this.#note(noted);
        if (durable !== undefined) this.#outlet.hold(durable);
        this.#outlet.add(bytes);
      },
      behind: () => this.#behind || this.#outlet.promises >= mostNoting,
      say: (text) => {
        if (this.#said.has(text)) return;
        this.#said.add(text);
        this.#sayError(Buffer.from(`sallyport: ${text}\n`));
      },
    };
  }

  /** Takes one piece of the client's after the other, as the protocol and the target let it. */
  #sink(target: TerminalChannel): Writable {
    const sink = new Writable({
      highWaterMark: highWater,
      write: (chunk: Buffer, _encoding, done) => {
        this.#chunk = chunk;
        this.#done = () => done();
        this.#step(() => this.#advance());
      },
      final: (done) => {
        target.stdin.end();
        done();
      },
    });
    sink.on('error', () => {});
    return sink;
  }

  #advance(): void {
    const protocol = this.#protocol;
    const target = this.#target;
    if (protocol === undefined || target === undefined || this.#client.stopped) return;
    while (this.#chunk.length > 0 && !protocol.full) {
      const taken = protocol.fromClient(this.#chunk);
      this.#chunk = this.#chunk.subarray(taken);
      if (taken === 0) break;
    }
    for (const bytes of this.#forTarget.splice(0)) {
      this.#underWay += 1;
      target.stdin.write(bytes, () => {
        this.#underWay -= 1;
        this.#step(() => this.#advance());
      });
    }
    this.#outlet.flush();
    this.#flow();
    const done = this.#done;
    if (done === undefined || this.#chunk.length > 0 || this.#underWay > 0) return;
    this.#done = undefined;
    done();
  }

  #fromTarget(data: Buffer): void {
    this.#step(() => {
      this.#protocol?.fromTarget(data);
      this.#outlet.flush();
      this.#advance();
    });
  }

  /** What a peer gets wrong ends this channel and nothing else. */
  #step(work: () => void): void {
    if (this.#client.stopped) return;
    try {
      work();
    } catch (error) {
      this.stop();
      const known = error instanceof ProtocolError;
      const said = known
        ? new SallyportError('invalid', error.code, `the file transfer was ended: ${error.message}`)
        : error;
      this.#broken.reject(said);
    }
  }

  async #listen(stream: NodeJS.ReadableStream, take: (data: Buffer) => void): Promise<void> {
    stream.on('data', (data: Buffer) => {
      if (!this.#client.stopped) this.#client.safely(() => take(data));
    });
    await new Promise<void>((resolve) => {
      stream.once('end', resolve);
      stream.once('close', resolve);
    });
  }

  /** Standard error is no content of a file: it is recorded as a command's is, and so are our own words there. */
  #sayError(data: Buffer): void {
    const recorded = this.#recorded(() => this.#options?.tap.output(this.#channel.id, stderrCode, [data]));
    if (recorded === undefined) {
      this.#send(stderrCode, data);
      return;
    }
    this.#recordingStderr += 1;
    this.#flow();
    const passed = (): void =>
      this.#client.safely(() => {
        this.#recordingStderr -= 1;
        this.#send(stderrCode, data);
        this.#flow();
      });
    recorded.then(passed, () => {});
  }

  #send(code: number, bytes: Buffer): void {
    if (this.#client.stopped) return;
    this.#held += bytes.length;
    this.#client.send(code, bytes, () => {
      this.#held -= bytes.length;
      this.#moved();
    });
  }

  /** Whether the client does not take what is for it: then nothing that would add to it is taken from either side. */
  get #behind(): boolean {
    return this.#held + this.#outlet.waiting > highWater || this.#channel.full;
  }

  /** The target stands still while the client is behind, or while evidence is on its way to the log. */
  #flow(): void {
    const target = this.#target;
    if (target === undefined || this.#client.stopped) return;
    const wait = this.#behind || this.#outlet.promises > 0 || this.#recordingStderr > 0;
    standStill(wait, target.stdout, target.stderr);
    if (this.#outlet.promises === 0) this.#idle?.();
  }

  /** Something for the client has gone: what waited for that goes on. */
  #moved(): void {
    this.#flow();
    if (this.#done !== undefined && this.#chunk.length > 0) setImmediate(() => this.#step(() => this.#advance()));
  }

  /** Resolves when everything for the client is queued in its channel. */
  async #drained(): Promise<void> {
    if (this.#outlet.promises === 0 || this.#client.stopped) return;
    await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  async #end(): Promise<void> {
    if (this.#protocol !== undefined) this.#ending ??= this.#note(this.#protocol.end()) ?? Promise.resolve();
    await this.#ending?.catch(() => {});
  }

  /** Undefined when everything is in the kernel already and nothing was for the log. */
  #note({ facts, records }: Noted): Promise<unknown> | undefined {
    const options = this.#options;
    if (options === undefined) return undefined;
    const waits: Promise<unknown>[] = [];
    for (const record of records) {
      const written = this.#recorded(() => options.tap.file(this.#channel.id, record));
      if (written !== undefined) waits.push(written);
    }
    for (const fact of facts) waits.push(options.session.fileNoted(fact));
    return waits.length === 0 ? undefined : Promise.all(waits);
  }

  /** A record that fails is never passed over: what it is about does not reach the client. */
  #recorded(write: () => void | Promise<void>): Promise<void> | undefined {
    const failed = (error: unknown): never => {
      this.#options?.onRecordingFailed();
      throw error;
    };
    try {
      return write()?.catch(failed);
    } catch (error) {
      this.#options?.onRecordingFailed();
      return Promise.reject(error instanceof Error ? error : new Error('the recording failed'));
    }
  }
}
