import type { MessageSocket, SocketContext, SocketEvents } from '../../application/ports/http-route.ts';
import type {
  Page,
  ScreenMessage,
  TerminalFace,
  TerminalLine,
  TerminalVisit,
  TerminalVisitor,
} from '../../application/ports/terminal-face.ts';
import { isTerminalAnswer } from '../../application/terminals/terminal-answers.ts';
import { browserName } from './browser-name.ts';
import { type PageMessage, readPageMessage } from './page-messages.ts';
import { closeCodeOf, closeCodes, writeServerMessage } from './server-messages.ts';

/** How long the first message may take, in milliseconds. */
const firstMilliseconds = 10_000;
/** A session that ends with its login says so itself; a page of another login is told after this. */
const partingMilliseconds = 500;

const ticketRefused = 'this ticket is used, too old or none of this login: ask for a new one';
const loginEnded = 'your login has ended: log in again';

/** Speaks docs/protocols/terminal.md over one socket. */
export class Speaker implements SocketEvents, Page {
  readonly #socket: MessageSocket;
  readonly #context: SocketContext;
  readonly #face: TerminalFace;
  readonly #lookMilliseconds: number;
  #visit: TerminalVisit | undefined;
  #line: TerminalLine | undefined;
  /** What came while something was looked up; no more than the socket had read by then. */
  #waiting: (() => void)[] | null = null;
  #first: NodeJS.Timeout | undefined;
  #parting: NodeJS.Timeout | undefined;
  #login: Omit<TerminalVisitor, 'visit'> | undefined;
  #checkedAt = performance.now();
  /** What the terminal said of reading last. */
  #reads = true;
  #over = false;

  constructor(socket: MessageSocket, context: SocketContext, face: TerminalFace, lookMilliseconds: number) {
    this.#socket = socket;
    this.#context = context;
    this.#face = face;
    this.#lookMilliseconds = lookMilliseconds;
    socket.events = this;
    this.#meanwhile(this.#enter(ticketOf(context.offered)));
  }

  binary(data: Buffer): void {
    this.#inTurn(() => {
      if (this.#line === undefined) {
        this.#close(closeCodes.noMessage, 'open comes first');
        return;
      }
      this.#byLogin(() => this.#take(data));
    });
  }

  text(data: string): void {
    this.#inTurn(() => {
      const message = readPageMessage(data);
      if (message === null) this.#close(closeCodes.noMessage, 'no message of this protocol');
      else this.#said(message);
    });
  }

  closed(): void {
    this.#over = true;
    clearTimeout(this.#first);
    clearTimeout(this.#parting);
    this.#login?.release();
    this.#line?.detach();
  }

  show(data: Buffer): void {
    this.#socket.send(data);
  }

  tell(message: ScreenMessage): void {
    this.#socket.send(writeServerMessage(message));
    if (message.type === 'end') this.#close(closeCodeOf(message.reason), message.reason);
  }

  read(goOn: boolean): void {
    this.#reads = goOn;
    if (this.#waiting === null && this.#parting === undefined && !this.#over) this.#socket.read(goOn);
  }

  async #enter(ticket: string): Promise<void> {
    const { viewer, source } = this.#context;
    const entered = await this.#face.visit(viewer, ticket, source, () => this.#part());
    if (typeof entered === 'string') {
      this.tell({ type: 'end', reason: entered, message: entered === 'login-ended' ? loginEnded : ticketRefused });
      return;
    }
    if (this.#over) {
      entered.release();
      return;
    }
    this.#login = entered;
    this.#visit = entered.visit;
    this.#first = setTimeout(() => this.#close(closeCodes.late, 'open did not come in time'), firstMilliseconds);
  }

  #said(message: PageMessage): void {
    if (message.type === 'open') {
      const visit = this.#visit;
      this.#visit = undefined;
      if (visit === undefined) this.#close(closeCodes.noMessage, 'open came already');
      else this.#meanwhile(this.#begin(visit, message));
      return;
    }
    const line = this.#line;
    if (line === undefined) {
      this.#close(closeCodes.noMessage, 'open comes first');
      return;
    }
    switch (message.type) {
      case 'resize':
        line.resize(message.size);
        return;
      case 'answer':
        this.#byLogin(() => {
          if (message.answers !== null) this.#login?.active();
          line.answer(message.id, message.answers);
        });
        return;
      case 'ack':
        if (!line.acknowledge(message.offset)) this.#close(closeCodes.noMessage, 'this was never sent');
        return;
      case 'close':
        line.close();
        this.#close(closeCodes.done, 'closed');
    }
  }

  async #begin(visit: TerminalVisit, { size, from }: Extract<PageMessage, { type: 'open' }>): Promise<void> {
    clearTimeout(this.#first);
    const line = await visit.begin({ size, from, client: browserName(this.#context.userAgent) }, this);
    if (line === null) {
      this.#close(closeCodes.noMessage, 'this offset never was');
      return;
    }
    this.#line = line;
    if (this.#over) line.detach();
  }

  /** Nothing is read meanwhile; what was read already waits. */
  #meanwhile(work: Promise<void>): void {
    this.#waiting = [];
    this.#socket.read(false);
    void work
      .catch(() => this.#close(closeCodes.fault, 'a fault of the server'))
      .then(() => {
        const waiting = this.#waiting ?? [];
        this.#waiting = null;
        this.read(this.#reads);
        for (const act of waiting) this.#inTurn(act);
      });
  }

  #inTurn(act: () => void): void {
    if (this.#over || this.#parting !== undefined) return;
    if (this.#waiting === null) act();
    else this.#waiting.push(act);
  }

  /** What a person says: before it goes anywhere, the login is looked at now and then. */
  #byLogin(act: () => void): void {
    if (performance.now() - this.#checkedAt >= this.#lookMilliseconds) this.#meanwhile(this.#stillLoggedIn());
    this.#inTurn(act);
  }

  /** Whoever types uses their login. */
  #take(data: Buffer): void {
    if (!isTerminalAnswer(data)) this.#login?.active();
    this.#line?.input(data);
  }

  async #stillLoggedIn(): Promise<void> {
    this.#checkedAt = performance.now();
    if ((await this.#login?.isLive()) !== true) this.#part();
  }

  /** The login has ended: nothing is taken from the page any more. */
  #part(): void {
    if (this.#over) return;
    this.#socket.read(false);
    this.#parting ??= setTimeout(
      () => this.tell({ type: 'end', reason: 'login-ended', message: loginEnded }),
      partingMilliseconds,
    );
  }

  #close(code: number, reason: string): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#first);
    this.#line?.detach();
    this.#socket.close(code, reason);
  }
}

/** Empty: none was shown. */
function ticketOf(offered: readonly string[]): string {
  const mark = 'ticket.';
  const [ticket, ...more] = offered.filter((name) => name.startsWith(mark));
  return ticket === undefined || more.length > 0 ? '' : ticket.slice(mark.length);
}
