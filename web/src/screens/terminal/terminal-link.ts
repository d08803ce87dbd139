import { afterMessage, begun, type End, endOfSocket, goesOn, type LinkState, overWith } from './link-state.ts';
import { OutputAcks } from './output-acks.ts';
import { readServerMessage } from './server-message.ts';

export type TicketAnswer =
  | { readonly kind: 'ticket'; readonly ticket: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unreachable'; readonly message: string };

export interface LinkNeeds {
  /** For the session that is open already, or for a new one. */
  readonly ticket: (session: string | null) => Promise<TicketAnswer>;
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Draws the bytes and calls back. `old`: they were answered before, and must not be again. */
  readonly draw: (data: Uint8Array, old: boolean, drawn: () => void) => void;
  /** A new session begins on an empty screen. */
  readonly clear: () => void;
}

/** Pauses between tries, in milliseconds; the last one is repeated. */
const pauses = [250, 1_000, 2_000, 4_000, 5_000];
/** The longest frame of typed bytes. */
const longestFrame = 65_536;

/**
 * One session over as many sockets as it takes (docs/protocols/terminal.md): after a network loss it goes on at the byte
 * where it was. React reads `state` through `subscribe`.
 */
export class TerminalLink {
  readonly #needs: LinkNeeds;
  readonly #listeners = new Set<() => void>();
  #state = begun;
  #session: string | null;
  #socket: WebSocket | null = null;
  /** Counts connections: what an earlier one still says is nobody's any more. */
  #turn = 0;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #acks = new OutputAcks((offset) => this.#say({ type: 'ack', offset }));

  /** `session`: one to attach to. */
  constructor(session: string | null, needs: LinkNeeds) {
    this.#session = session;
    this.#needs = needs;
    addEventListener('offline', this.#offline);
    addEventListener('online', this.#online);
    addEventListener('pagehide', this.#leaving);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): LinkState => this.#state;

  /** Also the person's "Connect again": a session that goes on is attached to, else a new one is opened. */
  connect(): void {
    const { end, session } = this.#state;
    if (end !== null) {
      this.#session = session !== null && goesOn(end) ? session.session : null;
      if (this.#session === null) {
        this.#acks.begin(null);
        this.#needs.clear();
      }
      this.#set({ ...begun, session: this.#session === null ? null : session });
    }
    this.#tries = 0;
    void this.#try();
  }

  /** Goes nowhere while there is no connection: the person is told that. */
  type(data: Uint8Array): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    for (let at = 0; at < data.length; at += longestFrame) this.#socket.send(data.slice(at, at + longestFrame));
  }

  resize(): void {
    this.#say({ type: 'resize', ...this.#needs.size() });
  }

  answer(id: number, answers: readonly string[] | null): void {
    this.#set({ ...this.#state, question: null });
    this.#say({ type: 'answer', id, answers });
  }

  /** The person is done: the session ends. */
  end(): void {
    this.#say({ type: 'close' });
  }

  forgetNotices(): void {
    this.#set({ ...this.#state, notices: [], missing: null });
  }

  /** The page goes: the session waits for another one. */
  dispose(): void {
    this.#drop();
    this.#listeners.clear();
    removeEventListener('offline', this.#offline);
    removeEventListener('online', this.#online);
    removeEventListener('pagehide', this.#leaving);
  }

  async #try(): Promise<void> {
    this.#drop();
    const turn = this.#turn;
    const answer = await this.#needs.ticket(this.#session);
    if (turn !== this.#turn) return;
    if (answer.kind === 'ticket') this.#open(answer.ticket, turn);
    else if (answer.kind === 'refused') this.#over({ reason: 'refused', message: answer.message });
    else this.#lost(answer.message);
  }

  #open(ticket: string, turn: number): void {
    const socket = new WebSocket(`wss://${location.host}/terminal`, ['sallyport.terminal.v1', `ticket.${ticket}`]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    const asked = this.#session === null ? null : this.#acks.offset;
    socket.onopen = () => {
      if (turn !== this.#turn) return;
      this.#say({ type: 'open', ...this.#needs.size(), ...(asked === null ? {} : { from: asked }) });
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (turn !== this.#turn) return;
      if (typeof data === 'string') this.#told(data, asked);
      else this.#shown(new Uint8Array(data));
    };
    socket.onclose = ({ code }) => {
      if (turn !== this.#turn) return;
      if (this.#state.phase === 'over') this.#drop();
      else this.#closed(code);
    };
  }

  #told(text: string, asked: number | null): void {
    const message = readServerMessage(text);
    if (message === null) return;
    if (message.type === 'session') {
      this.#session = message.session;
      this.#acks.begin(message);
    }
    if (message.type === 'session' || message.type === 'opened') this.#tries = 0;
    this.#set(afterMessage(this.#state, message, asked));
  }

  #shown(data: Uint8Array): void {
    const old = Math.min(this.#acks.old, data.length);
    for (const [piece, isOld] of [[data.subarray(0, old), true] as const, [data.subarray(old), false] as const]) {
      if (piece.length > 0) this.#needs.draw(piece, isOld, this.#acks.came(piece.length));
    }
  }

  #closed(code: number): void {
    const end = endOfSocket(code);
    if (end !== null) this.#over(end);
    else this.#lost('The connection to the server was lost.');
  }

  /** A session that was admitted is looked for again; before that there is nothing to find. */
  #lost(message: string): void {
    this.#drop();
    if (this.#session === null && this.#tries >= pauses.length) {
      this.#over({ reason: 'unreachable', message });
      return;
    }
    const pause = pauses[Math.min(this.#tries, pauses.length - 1)];
    this.#tries += 1;
    this.#set({ ...this.#state, phase: 'lost', question: null });
    this.#timer = setTimeout(() => void this.#try(), pause);
  }

  #over(end: End): void {
    this.#drop();
    this.#set(overWith(this.#state, end));
  }

  readonly #offline = (): void => {
    if (this.#socket !== null) this.#lost('The connection to the server was lost.');
  };

  readonly #online = (): void => {
    if (this.#state.phase === 'lost') this.connect();
  };

  /** The page that comes after this one answers no more what this one answered. */
  readonly #leaving = (): void => this.#acks.flush();

  #drop(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#acks.stop();
    this.#socket?.close();
    this.#socket = null;
  }

  #say(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #set(state: LinkState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
