import type { WebSocket } from 'ws';
import type { MessageSocket, SocketEvents } from '../../application/ports/http-route.ts';

export interface SocketTimes {
  /** A ping so far apart; who has said nothing since three of them is gone. */
  readonly pingMilliseconds: number;
  /** How long the last words and the close of the other side may take. */
  readonly closeMilliseconds: number;
}

export const defaultSocketTimes: SocketTimes = { pingMilliseconds: 15_000, closeMilliseconds: 10_000 };

/** Messages, pings and pongs in one second, and at once after a pause (W4). */
const perSecond = 2_000;
const atOnce = 4_000;
/** Bytes written for a peer that does not read them: an honest one never lets so many gather. */
const mostUnread = 4 * 1024 * 1024;
/** Pings without an answer. */
const mostUnanswered = 3;

/** One WebSocket between `ws` and whoever speaks over it: its pace, whether it is alive, and its end. */
export class OpenSocket implements MessageSocket {
  events: SocketEvents | null = null;
  readonly #socket: WebSocket;
  readonly #times: SocketTimes;
  readonly #pings: NodeJS.Timeout;
  #unanswered = 0;
  #allowance = atOnce;
  #countedAt = performance.now();
  #closing = false;

  constructor(socket: WebSocket, times: SocketTimes) {
    this.#socket = socket;
    this.#times = times;
    this.#pings = setInterval(() => this.#ping(), times.pingMilliseconds);
    socket.on('message', (data: Buffer, isBinary) => {
      if (!this.#counts()) return;
      if (isBinary) this.events?.binary(data);
      else this.events?.text(data.toString('utf8'));
    });
    socket.on('ping', () => this.#counts());
    socket.on('pong', () => this.#counts());
    // A message that is too long, or none: ws closes it with the code of RFC 6455 section 7.4.
    socket.on('error', () => this.#giveUpSoon());
    socket.once('close', () => {
      clearInterval(this.#pings);
      this.events?.closed();
    });
  }

  send(data: string | Buffer): void {
    if (this.#keepsUp()) this.#socket.send(data, { binary: typeof data !== 'string', compress: false });
  }

  read(goOn: boolean): void {
    if (goOn) this.#socket.resume();
    else this.#socket.pause();
  }

  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#giveUpSoon();
    this.#socket.close(code, reason);
    // What the other side says to that is read.
    this.#socket.resume();
  }

  #giveUpSoon(): void {
    if (this.#closing) return;
    this.#closing = true;
    const timer = setTimeout(() => this.#socket.terminate(), this.#times.closeMilliseconds);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  /** False for what comes too fast. */
  #counts(): boolean {
    this.#unanswered = 0;
    const now = performance.now();
    this.#allowance = Math.min(atOnce, this.#allowance + ((now - this.#countedAt) / 1000) * perSecond) - 1;
    this.#countedAt = now;
    // Each ping is answered with a pong, which gathers like anything else.
    if (this.#allowance >= 0) return this.#keepsUp();
    this.close(4429, 'too many messages');
    return false;
  }

  /** False once it is closing, and for who asks for more and reads nothing: that one is gone at once. */
  #keepsUp(): boolean {
    if (this.#closing) return false;
    if (this.#socket.bufferedAmount <= mostUnread) return true;
    this.#closing = true;
    this.#socket.terminate();
    return false;
  }

  #ping(): void {
    // Of whom nothing is read no answer is heard.
    if (this.#socket.isPaused) this.#unanswered = 0;
    if (this.#unanswered >= mostUnanswered) {
      this.#socket.terminate();
      return;
    }
    this.#unanswered += 1;
    if (!this.#closing) this.#socket.ping();
  }
}
