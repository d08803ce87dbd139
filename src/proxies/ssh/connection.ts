import { ProtocolError } from '../../domain/kernel/errors.ts';
import { Budget } from './budget.ts';
import { Channel, packetSize } from './channel.ts';
import { decode, encode, type Message, number, openFailure } from './codec/messages.ts';
import type { Part } from './codec/wire.ts';
import type { Transport } from './transport.ts';

/** What one side does with what the other asks for. */
export interface ConnectionRules {
  /**
   * Takes a channel that the peer opens, or says why not; a promise keeps the peer waiting. `channel` is the number it
   * will have, `data` what the kind adds to the request.
   */
  open(kind: string, data: Buffer, channel: number): OpenAnswer | Promise<OpenAnswer>;
  /** True when granted. */
  globalRequest(name: string): boolean;
}

export type OpenAnswer = { readonly ok: true; readonly taken: (channel: Channel) => void } | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly reason: number;
  readonly text: string;
}

const over: Refusal = { ok: false, reason: openFailure.prohibited, text: 'the session is over' };

interface Opening {
  readonly window: number;
  readonly opened: (channel: Channel) => void;
  readonly failed: (text: string) => void;
}

/**
 * The connection protocol (RFC 4254) over one ssh2 transport, for either side. ssh2's own channels are not used: they
 * lose bytes when standard output and standard error stall together and leave some requests unanswered
 * (docs/decisions/0050).
 */
export class Connection {
  readonly #transport: Transport;
  readonly #rules: ConnectionRules;
  readonly #budget = new Budget();
  readonly #channels = new Map<number, Channel>();
  readonly #openings = new Map<number, Opening>();
  #next = 0;
  #ended = false;

  constructor(transport: Transport, rules: ConnectionRules) {
    this.#transport = transport;
    this.#rules = rules;
    transport.onDrain(() => {
      for (const channel of this.channels()) channel.pump();
    });
  }

  channels(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /** Opens a channel to the peer. `take` has it before the next message is read: data may follow at once. */
  async open<T>(take: (channel: Channel) => T, kind: string, ...parts: readonly Part[]): Promise<T> {
    return await new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new Error('the connection is closed'));
        return;
      }
      const id = this.#next++;
      const window = this.#budget.open();
      this.#openings.set(id, {
        window,
        opened: (channel) => resolve(take(channel)),
        failed: (text) => reject(new Error(text)),
      });
      this.#transport.send(encode.channelOpen(kind, id, window, packetSize, ...parts));
    });
  }

  /** One payload of message number 80 or more. Throws a ProtocolError that must end the connection. */
  receive(payload: Buffer): void {
    const message = decode(payload);
    if (message === null) {
      throw new ProtocolError('unknown-message', 0, `SSH message ${payload[0] ?? 0} is not in RFC 4254`);
    }
    this.#dispatch(message);
  }

  /** The transport is gone: every channel ends. */
  end(): void {
    this.#ended = true;
    for (const channel of this.channels()) channel.gone();
    for (const { failed } of this.#openings.values()) failed('the connection was lost');
    this.#openings.clear();
  }

  #dispatch(message: Message): void {
    switch (message.type) {
      case 'global-request': {
        const granted = this.#rules.globalRequest(message.name);
        if (message.wantReply) this.#transport.send(granted ? encode.requestSuccess() : encode.requestFailure());
        return;
      }
      case 'channel-open':
        this.#take(message);
        return;
      case 'open-confirmation': {
        const { opened, window } = this.#opening(message.recipient);
        opened(this.#add(message.recipient, message, window));
        return;
      }
      case 'open-failure': {
        const { failed, window } = this.#opening(message.recipient);
        this.#budget.close(window);
        failed(message.text);
        return;
      }
      default:
        this.#toChannel(message);
    }
  }

  #toChannel(message: Extract<Message, { readonly recipient: number }>): void {
    const channel = this.#channels.get(message.recipient);
    if (channel === undefined)
      throw new ProtocolError('no-such-channel', 1, 'an SSH message names a channel that is not open');
    switch (message.type) {
      case 'data':
        if (channel.receiveData(message.code, message.data)) return;
        throw new ProtocolError('window-exceeded', 5, 'the peer sent more than the window that it was given');
      case 'window-adjust':
        if (channel.receiveWindowAdjust(message.bytes)) return;
        throw new ProtocolError('window-overflow', 5, 'the peer raised a window above 2^32 - 1');
      case 'eof':
        channel.receiveEof();
        return;
      case 'close':
        channel.receiveClose();
        return;
      case 'channel-request':
        channel.receiveRequest(message.name, message.wantReply, message.data);
        return;
      case 'success':
      case 'failure':
        channel.receiveReply(message.type === 'success');
        return;
      case 'open-confirmation':
      case 'open-failure':
    }
  }

  #take(message: Extract<Message, { readonly type: 'channel-open' }>): void {
    const id = this.#next++;
    const answer = this.#ended ? over : this.#rules.open(message.kind, message.data, id);
    if (answer instanceof Promise) void answer.then((settled) => this.#answer(message, id, settled));
    else this.#answer(message, id, answer);
  }

  #answer(message: Extract<Message, { readonly type: 'channel-open' }>, id: number, answer: OpenAnswer): void {
    if (this.#ended) return;
    if (!answer.ok) {
      this.#transport.send(encode.openFailure(message.sender, answer.reason, answer.text));
      return;
    }
    const window = this.#budget.open();
    const channel = this.#add(id, message, window);
    this.#transport.send(encode.openConfirmation(message.sender, id, window, packetSize));
    answer.taken(channel);
  }

  #add(
    local: number,
    peer: { readonly sender: number; readonly window: number; readonly maxPacket: number },
    granted: number,
  ): Channel {
    const ids = { local, remote: peer.sender, window: peer.window, maxPacket: peer.maxPacket };
    const channel = new Channel(this.#transport, this.#budget, ids, granted, () => this.#channels.delete(local));
    this.#channels.set(local, channel);
    return channel;
  }

  #opening(id: number): Opening {
    const opening = this.#openings.get(id);
    if (opening === undefined)
      throw new ProtocolError('no-such-channel', 1, 'the peer answers a channel that was not asked for');
    this.#openings.delete(id);
    return opening;
  }
}

/** True for the messages that `Connection` handles; 81 and 82 answer ssh2's own keep-alive. */
export function isConnectionMessage(payload: Buffer): boolean {
  const type = payload[0] ?? 0;
  return type >= number.globalRequest && type !== number.requestSuccess && type !== number.requestFailure;
}
