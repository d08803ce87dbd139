import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { terminalSocket } from '../../../src/adapters/terminal/socket.ts';
import { browserName } from '../../../src/adapters/terminal/browser-name.ts';
import { uuidV7Ids } from '../../../src/adapters/system/ids.ts';
import { drawSecret } from '../../../src/adapters/system/secrets.ts';
import type { BrowserDoor, EndListener, VerifiedPass } from '../../../src/application/admission/door.ts';
import { runCommand } from '../../../src/application/commands/run-command.ts';
import { eventCatalogue } from '../../../src/application/event-catalogue.ts';
import type { TerminalFace, TerminalWish } from '../../../src/application/ports/terminal-face.ts';
import { sessionDecider } from '../../../src/domain/session/decider.ts';
import { terminalFaceOf } from '../../../src/application/terminals/terminal-face.ts';
import type { TerminalTools } from '../../../src/application/terminals/tools.ts';
import { sshBrowserTerminals } from '../../../src/proxies/ssh/browser/browser-terminals.ts';
import { memoryLog, type MemoryLog } from '../../kit/memory-log.ts';
import { until } from '../../kit/until.ts';
import { startProxy, type TestProxy, type TestProxyOptions } from '../../proxies/ssh/proxy-kit.ts';
import { logins, startTestWeb, type TestWeb, viewer } from '../http/web-kit.ts';

logins.set('spl_again', { ...viewer('user'), loginId: 'login-00000000-0000-4000-8000-000000000002' });

export interface TestTerminals {
  readonly proxy: TestProxy;
  readonly face: TerminalFace;
  readonly log: MemoryLog;
  /** The person of both logins. */
  readonly userId: string;
  /** The data of the events of one type, as they stand now. */
  events(type: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly web: TestWeb;
  /** Logins, by their secrets, that have ended. */
  readonly endedLogins: Set<string>;
  /** Each time that somebody asked who a login is, whether it was used by that. */
  readonly uses: readonly boolean[];
  /** How often something was typed by each login that is kept, in the order of their pages. */
  readonly kept: { readonly passId: string; typed: number; stopped: boolean }[];
  /** Whoever asks whether a login is live waits for it. */
  liveAfter: Promise<unknown>;
  /** Ends the login of a secret, as the log does: what attends to it is told. */
  endLogin(secret: string): void;
  /** A ticket for a wish of this login. */
  ticket(wish?: TerminalWish, secret?: string): Promise<string>;
  /** A socket with this ticket, which is open. */
  connect(ticket: string, options?: PageOptions): Promise<TestPage>;
  /** A new terminal whose shell runs. */
  open(options?: PageOptions): Promise<TestPage>;
  /** Its page has the terminal. */
  attach(session: string, from: number | null, options?: PageOptions): Promise<TestPage>;
}

export interface PageOptions {
  readonly secret?: string;
  /** Acknowledges nothing by itself. */
  readonly silent?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: string | null;
}

const wishedTarget: TerminalWish = { target: 'web-1', account: null, reason: '' };

/** Terminals in the browser before one real target, over real WebSockets, with an application that knows two logins of one person. */
export async function startTerminals(
  options: TestProxyOptions & { readonly detachedMilliseconds?: number; readonly lookMilliseconds?: number },
): Promise<TestTerminals> {
  const proxy = await startProxy(options);
  const log = memoryLog(eventCatalogue);
  const endedLogins = new Set<string>();
  const uses: boolean[] = [];
  const kept: TestTerminals['kept'] = [];
  const attending = new Map<string, Set<EndListener>>();
  const door: BrowserDoor = {
    ...proxy.door,
    verifyLogin: async ({ loginId, userId, userName }) =>
      isLive(endedLogins, loginId) ? ({ passId: loginId, userId, userName } as unknown as VerifiedPass) : null,
    isLive: async ({ passId }) => {
      await made.liveAfter;
      return isLive(endedLogins, passId);
    },
    keepLogin: ({ passId }) => {
      const one = { passId, typed: 0, stopped: false };
      kept.push(one);
      return { active: () => void (one.typed += 1), stop: () => void (one.stopped = true) };
    },
    attend: (pass, end) => {
      const all = attending.get(pass.passId) ?? new Set();
      attending.set(pass.passId, all.add(end));
      return () => void all.delete(end);
    },
  };
  const tools: TerminalTools = {
    tools: { log, ids: uuidV7Ids(), now: async () => new Date().toISOString() },
    processLog: { info: () => {}, warn: () => {}, error: () => {} },
    drawSecret,
    door,
    browser: sshBrowserTerminals(door),
    views: { targetCatalogue: { find: () => [] } } as unknown as TerminalTools['views'],
    reach: async () => [],
    detachedMilliseconds: options.detachedMilliseconds ?? 60_000,
  };
  const face = terminalFaceOf(tools);
  const web = await startTestWeb({
    routes: [],
    sockets: [terminalSocket(face, options.lookMilliseconds)],
    viewerOf: async (secret, isUse) => {
      uses.push(isUse);
      return endedLogins.has(secret) ? null : (logins.get(secret) ?? null);
    },
  });
  onTestFinished(async () => web.close());
  const made: TestTerminals = {
    ...{ proxy, face, log, web, endedLogins, uses, kept },
    liveAfter: Promise.resolve(),
    userId: logins.get('spl_user')!.userId,
    events: async (type) => {
      const found: Readonly<Record<string, unknown>>[] = [];
      const signal = new AbortController();
      for await (const item of log.subscribeAll({ after: null, signal: signal.signal })) {
        if (item.kind === 'caught-up') break;
        for (const event of item.events) if (event.type === type) found.push(event.data as (typeof found)[0]);
      }
      return found;
    },
    endLogin: (secret) => {
      endedLogins.add(secret);
      const all = attending.get(logins.get(secret)!.loginId) ?? [];
      for (const end of [...all]) end('token-revoked', 'it has ended');
    },
    ticket: async (wish = wishedTarget, secret = 'spl_user') => {
      const answer = await face.openTerminal(logins.get(secret)!, wish);
      if (!answer.ok) throw new Error(JSON.stringify(answer.errors));
      return answer.ticket;
    },
    connect: async (ticket, page) => await connect(web, ticket, page),
    open: async (page = {}) => {
      const opened = await made.connect(await made.ticket(undefined, page.secret), page);
      opened.say({ type: 'open', columns: 80, rows: 24 });
      await opened.told('opened');
      await noteOpening(log, await opened.session(), page);
      return opened;
    },
    attach: async (session, from, page = {}) => {
      const attached = await made.connect(
        await made.ticket({ session: session as `session-${string}` }, page.secret),
        page,
      );
      attached.say({ type: 'open', columns: 80, rows: 24, ...(from === null ? {} : { from }) });
      return attached;
    },
  };
  return made;
}

/** What the door of the product writes when it admits: here it stands in for that. */
async function noteOpening(
  log: MemoryLog,
  session: string,
  { secret = 'spl_user', headers }: PageOptions,
): Promise<void> {
  const { loginId, userId } = logins.get(secret)!;
  const passId = loginId;
  const id = (name: string): never => `${name}-00000000-0000-4000-8000-000000000001` as never;
  const places = {
    targetId: id('target'),
    accountId: id('account'),
    entitlementId: id('entitlement'),
    nodeId: id('node'),
  };
  const names = { targetName: 'web-1', accountName: 'root', protocol: 'ssh', group: null, reason: null } as const;
  const client = browserName(headers?.['user-agent'] ?? '');
  const how = { source: '127.0.0.1', client, recording: 'required', bootId: 'boot' } as const;
  const tools = { log, ids: uuidV7Ids(), now: async () => new Date().toISOString() };
  const context = { actor: { kind: 'user', userId }, correlationId: tools.ids.uuid(), causationId: null } as const;
  const facts = { passId, userId, ...places, ...names, ...how };
  await runCommand(tools, sessionDecider, session as `session-${string}`, context, { type: 'open', session: facts });
}

function isLive(ended: ReadonlySet<string>, loginId: string): boolean {
  return ![...ended].some((secret) => logins.get(secret)?.loginId === loginId);
}

type Said = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A page as far as the server sees one. */
export class TestPage {
  readonly socket: WebSocket;
  readonly messages: Said[] = [];
  readonly pieces: Buffer[] = [];
  /** Offset behind what it has. */
  offset = 0;
  got = 0;
  /** Keeps the newest pieces alone. */
  forgets = false;
  closed: number | null = null;
  readonly #silent: boolean;

  constructor(socket: WebSocket, silent: boolean) {
    this.socket = socket;
    this.#silent = silent;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#shown(data);
      else this.#told(JSON.parse(data.toString()) as Said);
    });
    socket.on('error', () => {});
    socket.on('close', (code) => (this.closed = code));
  }

  get output(): string {
    return Buffer.concat(this.pieces).toString();
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  type(text: string): void {
    this.socket.send(Buffer.from(text));
  }

  async told(type: string): Promise<Said> {
    return await until(() => this.messages.find((message) => message.type === type), {
      what: `${type}, after ${JSON.stringify(this.messages)}`,
    });
  }

  async shows(text: string): Promise<void> {
    await until(() => this.output.includes(text), { what: JSON.stringify(text) }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it shows ${JSON.stringify(this.output.slice(-500))}`, { cause: error });
    });
  }

  async isClosed(): Promise<number> {
    await until(() => this.closed !== null, { what: 'the close of the socket' });
    return this.closed ?? 0;
  }

  async session(): Promise<string> {
    return String((await this.told('session')).session);
  }

  acknowledge(): void {
    this.say({ type: 'ack', offset: this.offset });
  }

  #shown(data: Buffer): void {
    this.pieces.push(data);
    if (this.forgets) this.pieces.splice(0, this.pieces.length - 2);
    this.offset += data.length;
    this.got += data.length;
    if (!this.#silent && this.socket.readyState === WebSocket.OPEN) this.acknowledge();
  }

  #told(message: Said): void {
    this.messages.push(message);
    if (message.type === 'session') this.offset = Number(message.from);
  }
}

export function socketTo(web: TestWeb, protocols: readonly string[], options: PageOptions = {}): WebSocket {
  const { secret = 'spl_user', headers = {}, origin } = options;
  const place = `127.0.0.1:${String(web.server.port)}`;
  const shown = origin === undefined ? `https://${place}` : origin;
  return new WebSocket(`wss://${place}/terminal`, [...protocols], {
    ca: web.ca,
    perMessageDeflate: false,
    headers: { cookie: `__Host-sallyport=${secret}`, ...(shown === null ? {} : { origin: shown }), ...headers },
  });
}

async function connect(web: TestWeb, ticket: string, options: PageOptions = {}): Promise<TestPage> {
  const socket = socketTo(web, ['sallyport.terminal.v1', `ticket.${ticket}`], options);
  const page = new TestPage(socket, options.silent === true);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  onTestFinished(() => socket.terminate());
  return page;
}
