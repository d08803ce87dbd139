import type { TerminalExit } from '../../application/ports/target-terminal.ts';
import type { Budget } from './budget.ts';
import type { ClientChannel } from './client-channel.ts';
import { encode } from './codec/messages.ts';
import { encodeExit } from './codec/requests.ts';
import type { Part } from './codec/wire.ts';
import type { Transport } from './transport.ts';

/** The longest packet we take: longer ones broke transfers (docs/protocols/ssh.md). */
export const packetSize = 32 * 1024;
/** Above this much waiting for the network a channel holds its bytes back, whatever window the peer grants. */
const highBacklog = 1024 * 1024;
/** Above this much, requests without a reply (signals, sizes) are dropped: no window holds a flood of them back. */
const highestBacklog = 4 * 1024 * 1024;

/** What a piece of data that waits costs beside its bytes: many short ones hold more than their length. */
export const pieceCost = 256;

export const stderrCode = 1;

/** What the owner of a channel is told. Data views are valid for good. */
export interface ChannelEvents {
  /** `code` 0 is data, 1 stderr. The owner calls `consumed` once the bytes have gone on. */
  data(code: number, data: Buffer): void;
  eof(): void;
  request(name: string, data: Buffer, reply: (ok: boolean) => void): void;
  /** The last call: the peer closed the channel, or the connection is gone. */
  closed(): void;
}

interface Queued {
  readonly code: number;
  data: Uint8Array;
  readonly sent: () => void;
}

/** One open channel on either leg (RFC 4254 section 5): windows, order of the ending, back-pressure both ways. */
export class Channel implements ClientChannel {
  readonly id: number;
  events: ChannelEvents | undefined;
  readonly #transport: Transport;
  readonly #remote: number;
  readonly #maxPacket: number;
  readonly #forget: () => void;
  #sendWindow: number;
  readonly #budget: Budget;
  /** What the peer may have sent and we not passed on. */
  #window: number;
  #receiveWindow: number;
  #unconsumed = 0;
  readonly #queue: Queued[] = [];
  #waiting = 0;
  /** What closes the channel, said once the queue is empty. */
  #last: (() => void)[] = [];
  #eofSent = false;
  #eofSeen = false;
  #closeSent = false;
  #closed = false;
  readonly #replies: ((ok: boolean) => void)[] = [];

  constructor(
    transport: Transport,
    budget: Budget,
    ids: { readonly local: number; readonly remote: number; readonly window: number; readonly maxPacket: number },
    granted: number,
    forget: () => void,
  ) {
    this.#transport = transport;
    this.#budget = budget;
    this.#window = granted;
    this.#receiveWindow = granted;
    this.id = ids.local;
    this.#remote = ids.remote;
    this.#sendWindow = ids.window;
    this.#maxPacket = Math.max(1, Math.min(ids.maxPacket, packetSize));
    this.#forget = forget;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Queues bytes; `sent` is called when they have been handed to the network, or dropped because the channel closed. */
  write(code: number, data: Uint8Array, sent: () => void): void {
    // Nothing to say waits for nobody: it would cost no window, and pile up without end.
    if (data.length === 0) sent();
    else this.#enqueue(code, data, sent);
  }

  #enqueue(code: number, data: Uint8Array, sent: () => void): void {
    if (this.#closed || this.#closeSent || this.#eofSent) {
      sent();
      return;
    }
    const cost = data.length + pieceCost;
    this.hold(cost);
    const gone = (): void => {
      this.hold(-cost);
      sent();
    };
    this.#queue.push({ code, data, sent: gone });
    this.pump();
  }

  /** Bytes that are to be written soon count as well; negative when they are written. */
  hold(bytes: number): void {
    if (this.#closed) return;
    this.#waiting += bytes;
    this.#budget.hold(bytes);
  }

  /** Whether so much waits to go out, here or on the whole connection, that the source is to pause. */
  get full(): boolean {
    return this.#budget.isFull(this.#waiting, this.#transport.backlog);
  }

  /** Resolves when everything queued so far has been handed to the network or dropped. */
  async flushed(): Promise<void> {
    await new Promise<void>((resolve) => this.#enqueue(0, new Uint8Array(), resolve));
  }

  /**
   * Resolves when the peer has had everything queued so far, or the channel is gone: it answers a request that it does
   * not know (RFC 4254 section 5.4), in the order of the stream. Data that comes later was sent by who had it all.
   */
  async heard(): Promise<void> {
    await this.flushed();
    await new Promise<void>((resolve) => this.request('keepalive@openssh.com', [], () => resolve()));
  }

  request(name: string, parts: readonly Part[], reply?: (ok: boolean) => void): void {
    if (this.#closed || this.#closeSent) {
      reply?.(false);
      return;
    }
    if (reply === undefined && this.#transport.backlog > highestBacklog) return;
    if (reply !== undefined) this.#replies.push(reply);
    this.#transport.send(encode.request(this.#remote, name, reply !== undefined, ...parts));
  }

  /** Ends our direction after everything queued. */
  eof(): void {
    this.#afterQueue(() => {
      if (this.#eofSent || this.#closeSent) return;
      this.#eofSent = true;
      this.#transport.send(encode.eof(this.#remote));
    });
  }

  /** Sends a request without reply after everything queued: an exit status comes after the last byte. */
  lastRequest(name: string, data: Uint8Array): void {
    this.#afterQueue(() => this.request(name, [{ raw: data }]));
  }

  finish(exit: TerminalExit): void {
    const said = encodeExit(exit);
    this.eof();
    if (said !== null) this.lastRequest(said.name, said.data);
    this.close();
  }

  /** Closes after everything queued; `abrupt` drops the queue. */
  close(abrupt = false): void {
    if (abrupt) this.#drop();
    this.#afterQueue(() => {
      if (this.#closeSent || this.#closed) return;
      this.#closeSent = true;
      this.#transport.send(encode.close(this.#remote));
    });
  }

  /** Bytes of `data` events have gone on: the peer may send as many again. */
  consumed(bytes: number): void {
    this.#unconsumed -= bytes;
    const out = this.#unconsumed + this.#receiveWindow;
    if (out > this.#window / 2 || this.#closed || this.#closeSent || this.#eofSeen) return;
    this.#window = this.#budget.resize(this.#window, out);
    const grant = this.#window - out;
    if (grant === 0) return;
    this.#receiveWindow += grant;
    this.#transport.send(encode.windowAdjust(this.#remote, grant));
  }

  /** Sends what windows and network take. */
  pump(): void {
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      while (head.data.length > 0) {
        if (this.#sendWindow === 0 || this.#transport.backlog > highBacklog) return;
        const piece = head.data.subarray(0, Math.min(head.data.length, this.#sendWindow, this.#maxPacket));
        this.#transport.sendData(this.#remote, head.code, piece);
        this.#sendWindow -= piece.length;
        head.data = head.data.subarray(piece.length);
      }
      this.#queue.shift();
      head.sent();
    }
    for (const say of this.#last.splice(0)) say();
  }

  /** From the connection: one message of the peer for this channel. False when it broke the protocol. */
  receiveData(code: number, data: Buffer): boolean {
    if (data.length > this.#receiveWindow || this.#eofSeen) return false;
    this.#receiveWindow -= data.length;
    this.#unconsumed += data.length;
    // Empty data cost no window: kept, they would pile up without end.
    if (data.length === 0) return true;
    if (this.#closeSent || this.events === undefined) this.consumed(data.length);
    else this.events.data(code, data);
    return true;
  }

  receiveWindowAdjust(bytes: number): boolean {
    this.#sendWindow += bytes;
    if (this.#sendWindow > 0xffff_ffff) return false;
    this.pump();
    return true;
  }

  receiveEof(): void {
    if (this.#eofSeen) return;
    this.#eofSeen = true;
    this.events?.eof();
  }

  receiveRequest(name: string, wantReply: boolean, data: Buffer): void {
    let replied = !wantReply;
    const reply = (ok: boolean): void => {
      if (replied || this.#closed || this.#closeSent) return;
      replied = true;
      this.#transport.send(ok ? encode.success(this.#remote) : encode.failure(this.#remote));
    };
    if (this.events === undefined) reply(false);
    else this.events.request(name, data, reply);
  }

  receiveReply(ok: boolean): void {
    this.#replies.shift()?.(ok);
  }

  receiveClose(): void {
    this.#drop();
    if (!this.#closeSent) {
      this.#closeSent = true;
      this.#transport.send(encode.close(this.#remote));
    }
    this.gone();
  }

  /** The connection or the channel is no more. */
  gone(): void {
    if (this.#closed) return;
    this.hold(-this.#waiting);
    this.#closed = true;
    this.#forget();
    this.#budget.close(this.#window);
    this.#drop();
    for (const reply of this.#replies.splice(0)) reply(false);
    this.events?.closed();
  }

  #afterQueue(say: () => void): void {
    if (this.#queue.length === 0 && this.#last.length === 0) say();
    else this.#last.push(say);
  }

  #drop(): void {
    for (const { sent } of this.#queue.splice(0)) sent();
    this.#last = [];
  }
}
