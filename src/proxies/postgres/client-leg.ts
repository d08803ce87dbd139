import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { endMessage } from '../../application/admission/end-messages.ts';
import type { LiveSession, ProxyDoor } from '../../application/admission/door.ts';
import type { StatementParser } from '../../application/ports/statement-parser.ts';
import type { TargetDatabase } from '../../application/ports/target-database.ts';
import type { Visitor } from '../kit/listener.ts';
import { guarded } from '../kit/guarded.ts';
import { Machine } from '../kit/machine.ts';
import type { CancelKey, CancelKeys } from './cancel-keys.ts';
import { encodeBackend } from './codec/backend-encode.ts';
import { frontendType } from './codec/frontend.ts';
import { loginRules } from './codec/frontend-rules.ts';
import { MessageStream } from './codec/framing.ts';
import type { FirstPacket } from './codec/startup.ts';
import { FirstPackets } from './first-packets.ts';
import { type LastWords, notAdmitted, targetFailed, targetGone, turnedAway } from './goodbye.ts';
import { takeLeave } from './leave-taking.ts';
import { Login } from './login.ts';
import type { MessageMemory } from './message-memory.ts';
import { Relay } from './relay.ts';
import { secure, type ServerTls } from './server-tls.ts';
import { begin, brokenBy, type Effect, type Input, type Phase, step } from './session.ts';
import { clientName, readStartup, type Startup, whatIsSpoken } from './startup-parameters.ts';
import { openWished } from './wished-database.ts';

export interface ClientLegOptions {
  readonly door: ProxyDoor;
  readonly parser: StatementParser;
  /** Of all connections together. */
  readonly memory: MessageMemory;
  /** The cancel keys of all connections. */
  readonly keys: CancelKeys<Relay>;
  readonly tls: ServerTls;
}

/** The one channel of a session at a database. */
const channel = 0;

/** One person's connection from its first byte to its end: does what `session.ts` decides. */
export class ClientLeg {
  readonly #visitor: Visitor;
  readonly #options: ClientLegOptions;
  /** The socket, and inside TLS what comes out of it. */
  #stream: Duplex;
  readonly #machine = new Machine<Phase, Input, Effect>(
    begin,
    step,
    (effect) => this.#do(effect),
    () => this.#fault(),
  );
  readonly #first = new FirstPackets();
  #cancelRequest: Extract<FirstPacket, { readonly type: 'cancel-request' }> | undefined;
  #messages: MessageStream | undefined;
  #startup: Startup | undefined;
  #login: Login | undefined;
  #session: LiveSession | undefined;
  #database: TargetDatabase | undefined;
  #relay: Relay | undefined;
  #key: CancelKey | undefined;

  constructor(visitor: Visitor, options: ClientLegOptions) {
    this.#visitor = visitor;
    this.#options = options;
    this.#stream = visitor.socket;
    this.#listen(visitor.socket);
  }

  /** One thing that happened. */
  input(input: Input): void {
    this.#machine.input(input);
  }

  #fault(): void {
    if (this.#machine.phase.at === 'over') this.#drop();
    else this.input({ type: 'fault' });
  }

  /** Even the goodbye failed: both sockets go without a word. */
  #drop(): void {
    this.#visitor.socket.destroy();
    this.#session?.end('error').catch(() => undefined);
    guarded(
      () => this.#database?.close(),
      () => undefined,
    );
  }

  #listen(stream: Duplex): void {
    this.#stream = stream;
    stream.on('error', () => stream.destroy());
    stream.on('close', () => this.input({ type: 'closed' }));
    stream.on('end', () => this.input({ type: 'closed' }));
    stream.on('data', this.#hear);
  }

  readonly #hear = (chunk: Buffer): void => {
    try {
      this.#first.count(chunk);
      if (this.#messages !== undefined) {
        this.#messages.push(chunk);
        return;
      }
      const packet = this.#first.push(chunk);
      if (packet !== null) this.#understand(packet);
    } catch {
      this.input({ type: 'protocol-error' });
    }
  };

  #understand(packet: FirstPacket): void {
    switch (packet.type) {
      case 'ssl-request':
        this.input({ type: 'tls-asked' });
        return;
      case 'gssenc-request':
        this.input({ type: 'gss-asked' });
        return;
      case 'cancel-request':
        this.#cancelRequest = packet;
        this.input({ type: 'cancel-asked' });
        return;
      case 'startup': {
        const told = this.#machine.phase.at === 'secured' ? whatIsSpoken(packet) : null;
        if (told !== null) this.#write(told);
        const read = readStartup(packet);
        if (read.ok) this.#startup = read.startup;
        // Clients show what they are told inside TLS alone.
        const away = this.#options.door.turnsAway(this.#visitor.source);
        const unfit = read.ok ? null : read.refusal;
        this.input({ type: 'startup', refusal: away === null ? unfit : turnedAway(away) });
      }
    }
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'reached':
        this.#visitor.reached(effect.step);
        return;
      case 'decline-gss':
        this.#write(Buffer.from('N'));
        return;
      case 'start-tls':
        this.#startTls(this.#visitor.socket);
        return;
      case 'cancel':
        this.#cancel();
        return;
      case 'ask-proof':
        this.#askProof();
        return;
      case 'challenge':
        this.#machine.run(this.#challenge());
        return;
      case 'verify':
        this.#machine.run(this.#verify());
        return;
      case 'accept-login':
        this.#visitor.loggedIn();
        this.#write(Buffer.concat([...(this.#login?.accepted() ?? []), encodeBackend.authenticationOk()]));
        return;
      case 'admit':
        this.#machine.run(this.#admit());
        return;
      case 'open-target':
        this.#machine.run(this.#openTarget());
        return;
      case 'relay':
        this.#openRelay();
        return;
      case 'leave':
        this.#machine.run(this.#leave(effect.words));
        return;
      case 'end-session':
        this.#machine.run(this.#session?.end(effect.reason) ?? Promise.resolve());
    }
  }

  #write(bytes: Buffer): void {
    if (this.#stream.writable) this.#stream.write(bytes);
  }

  #startTls(socket: Socket): void {
    socket.off('data', this.#hear);
    socket.write('S');
    const inside = secure(socket, this.#options.tls);
    inside.once('secure', () => this.input({ type: 'secured' }));
    this.#listen(inside);
  }

  #cancel(): void {
    const { processId = 0, secret = Buffer.alloc(0) } = this.#cancelRequest ?? {};
    const relay = this.#options.keys.find(processId, secret);
    relay?.cancel(this.#visitor.source);
  }

  #askProof(): void {
    const { door, tls } = this.#options;
    const { source } = this.#visitor;
    const login = new Login(
      door,
      { loginName: this.#startup?.loginName ?? '', source, client: clientName(this.#startup) },
      tls.endPoint,
    );
    this.#login = login;
    this.#messages = new MessageStream(loginRules, {
      message: (message) => {
        if (message[0] === frontendType.terminate) this.input({ type: 'closed' });
        else this.input({ type: login.heard(message) });
        return null;
      },
      passing: () => false,
      forward: () => undefined,
    });
    this.#write(login.ask());
  }

  async #challenge(): Promise<void> {
    const challenge = await this.#login?.challenge();
    if (challenge === undefined || challenge === null) this.input({ type: 'protocol-error' });
    else if (this.#machine.phase.at === 'proving') this.#write(challenge);
  }

  async #verify(): Promise<void> {
    this.#stream.pause();
    const refusal = (await this.#login?.verify()) ?? null;
    this.input({ type: 'pass-judged', refusal });
  }

  async #admit(): Promise<void> {
    const answer = await this.#login?.admit(
      (_reason, message) => this.input({ type: 'ended', message }),
      (message) => this.#relay?.notice(message),
    );
    if (answer === undefined) return;
    if (!answer.ok) {
      this.input({ type: 'not-admitted', refusal: notAdmitted(answer) });
      return;
    }
    this.#session = answer.session;
    if (this.#machine.phase.at === 'over') await answer.session.end('closed-by-client');
    else this.input({ type: 'admitted' });
  }

  async #openTarget(): Promise<void> {
    const session = this.#session;
    const startup = this.#startup;
    if (session === undefined || startup === undefined) return;
    try {
      const database = await openWished(session, startup.wish, channel);
      if (this.#machine.phase.at !== 'connecting') database.close();
      else this.#database = database;
    } catch (error) {
      this.input({ type: 'target-failed', refusal: targetFailed(error) });
      return;
    }
    this.input({ type: 'target-open' });
  }

  #openRelay(): void {
    const [session, database] = [this.#session, this.#database];
    if (session === undefined || database === undefined) return;
    this.#stream.off('data', this.#hear);
    const relay = new Relay(this.#stream, database, session, this.#options, {
      left: () => this.input({ type: 'closed' }),
      broken: (blame) => this.input(brokenBy[blame]),
    });
    this.#relay = relay;
    this.#key = this.#options.keys.issue(relay);
    database.onLost((reason) => this.input({ type: 'target-gone', reason, refusal: targetGone(endMessage(reason)) }));
    this.#write(
      Buffer.concat([
        ...database.parameters.map(([name, value]) => encodeBackend.parameterStatus(name, value)),
        encodeBackend.backendKeyData(this.#key.processId, this.#key.secret),
        ...database.notices,
        encodeBackend.readyForQuery('I'),
      ]),
    );
    relay.begin();
  }

  /** Evidence first, then the last words where a message may stand, then the end of both sockets. */
  async #leave(words: LastWords | null): Promise<void> {
    if (this.#key !== undefined) this.#options.keys.drop(this.#key);
    const relay = this.#relay;
    // Who has no session is told at once: the listener closes the socket of those who are late.
    if (relay !== undefined) await relay.end(words !== null);
    this.#database?.close();
    if (relay !== undefined) {
      const fact = { channel, exitCode: null, signal: null, bytesReceived: relay.received, bytesSent: relay.sent };
      await this.#session?.channelClosed(fact).catch(() => undefined);
    }
    takeLeave(this.#stream, this.#visitor.socket, relay?.atBoundary === false ? null : words);
  }
}
