import type { Connection as ServerConnection } from 'ssh2';
import { endMessage } from '../../application/admission/end-messages.ts';
import type { LiveSession } from '../../application/admission/door.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { internalFault, tokenRefused } from '../kit/goodbye.ts';
import type { Visitor } from '../kit/listener.ts';
import { within } from '../../application/within.ts';
import { hostKeyAlgorithms } from './algorithms.ts';
import { Applicant } from './applicant.ts';
import { encode } from './codec/messages.ts';
import type { ClientLegOptions } from './client-leg-options.ts';
import { browserMilliseconds, browserQuestions } from './browser-question.ts';
import { Connection, isConnectionMessage } from './connection.ts';
import type { Destination } from './destination.ts';
import { farewell } from './farewell.ts';
import { Machine } from '../kit/machine.ts';
import { Login } from './login.ts';
import { Chooser } from './menu/chooser.ts';
import { PassCheck } from './pass-check.ts';
import { People } from './people.ts';
import { Questions } from './questions.ts';
import { Refusals } from './refusals.ts';
import { personRules } from './rules.ts';
import { Runs } from './runs.ts';
import { begin, type Effect, type Input, type Phase, questionIn, step } from './session.ts';
import { tapOf } from './tap.ts';
import { announceSignatures, openTransport, type Transport } from './transport.ts';

/** Messages below 80 that only a server sends: from a client before or after login they are an attack (security rule S1). */
const serverOnly = new Set([6, 51, 52, 53, 60]);
/** Keys that a client may offer: some have many in their agent, and each costs a look into the log. */
const mostOffers = 32;
/** How long output of a lost target may take to reach the client, in milliseconds. */
const drainMilliseconds = 5000;
/** A client that has been told leaves by itself, with the right exit code; after this it is made to. */
const leaveMilliseconds = 1000;

/** One person's connection from its identification to its end: does what `session.ts` decides. */
export class ClientLeg {
  readonly #options: ClientLegOptions;
  readonly #visitor: Visitor;
  readonly #applicant: Applicant;
  readonly #transport: Transport;
  readonly #connection: Connection;
  readonly #login: Login;
  readonly #passCheck: PassCheck;
  readonly #refusals = new Refusals();
  readonly #people: People;
  readonly #destination = Promise.withResolvers<Destination>();
  readonly #runs: Runs;
  readonly #chooser: Chooser;
  readonly #questions = new Questions(() => {
    const question = questionIn(this.#machine.phase);
    if (question !== null) this.input({ type: question });
    return question !== null;
  });
  readonly #machine: Machine<Phase, Input, Effect>;
  #session: LiveSession | undefined;
  #accepted = false;
  #told = false;
  #leaving = false;
  #tellTimer: NodeJS.Timeout | undefined;

  constructor(ssh: ServerConnection, identification: string, visitor: Visitor, options: ClientLegOptions) {
    this.#options = options;
    const first = begin(options.tries, mostOffers);
    this.#machine = new Machine(
      first,
      step,
      (effect) => this.#do(effect),
      () => this.#fault(),
    );
    this.#visitor = visitor;
    this.#passCheck = new PassCheck(options.door, visitor.source);
    this.#applicant = new Applicant(options.door, visitor.source, identification, options.reasonMilliseconds);
    this.#runs = new Runs(this.#destination.promise, this.#refusals, {
      recordingFailed: () => this.#recordingFailed(),
      fault: () => this.#fault(),
      told: () => {
        if (this.#leaving) return;
        this.#leaving = true;
        clearTimeout(this.#tellTimer);
        this.#tellTimer = setTimeout(() => this.input({ type: 'told' }), leaveMilliseconds);
      },
    });
    this.#chooser = new Chooser(this.#runs, this.#applicant, options.menus, {
      choosing: () => this.#machine.phase.at === 'choosing',
      input: (type) => this.input({ type }),
    });
    this.#people = new People(
      this.#refusals,
      () => this.#session?.authorized.channels.ssh,
      (person, request) => this.#chooser.start(person, request),
    );
    this.#transport = openTransport(ssh, (payload) => this.#intercept(payload));
    announceSignatures(ssh, this.#transport, hostKeyAlgorithms);
    this.#connection = new Connection(
      this.#transport,
      personRules({
        refusals: this.#refusals,
        forwards: this.#chooser,
        // A closed channel whose command the target has not let go of still counts.
        open: () => Math.max(this.#people.size, this.#runs.running) + this.#runs.forwards.running,
        most: options.channels,
        welcome: (channel) => this.#people.welcome(channel),
      }),
    );
    const browser = browserQuestions(options.browserLogin, visitor.source, identification);
    this.#login = new Login(ssh, this.#passCheck, browser, {
      waiting: () => visitor.mayTake(browserMilliseconds),
      unfit: (method) => this.input({ type: 'unfit-method', method }),
      shown: (interactive) => this.input({ type: 'pass-shown', interactive }),
      offered: () => this.input({ type: 'key-offered' }),
      begun: () => this.input({ type: 'interactive-begun' }),
      answered: (answers) => {
        this.input({ type: 'answered' });
        this.#questions.answer(answers);
      },
    });
    ssh.on('handshake', () => this.input({ type: 'keys-agreed' }));
    ssh.on('error', (error) => this.#failed(error));
    ssh.on('close', () => {
      browser?.end();
      this.#chooser.end();
      clearTimeout(this.#tellTimer);
      // Channels first: what a transfer leaves behind is noted before the session ends.
      this.#connection.end();
      this.input({ type: 'closed' });
      this.#questions.answer(null);
      this.#closeTarget();
    });
    this.input({ type: 'identified' });
  }

  /** One thing that happened. Also how the listener says that the time for the login is over. */
  input(input: Input): void {
    this.#machine.input(input);
  }

  /** Something of ours broke: this connection goes, and no other one. What is left to do is done at its close. */
  #fault(): void {
    this.#machine.phase = { at: 'over' };
    void this.#session?.end('error');
    this.#destination.resolve({ ok: false, message: internalFault });
    this.#visitor.socket.destroy();
  }

  #recordingFailed(): void {
    void this.#session?.end('recording-failed');
    this.input({ type: 'ended', message: 'the session cannot be recorded any more, so it was ended' });
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'reached':
        this.#visitor.reached(effect.step);
        return;
      case 'verify':
        this.#machine.run(this.#verify());
        return;
      case 'judge-offer':
        this.#machine.run(this.#passCheck.mayBePass().then((live) => this.input({ type: 'offer-judged', live })));
        return;
      case 'invite':
        this.#login.invite();
        return;
      case 'refuse-login':
        if (effect.explain && !this.#told) {
          this.#told = true;
          this.#transport.send(encode.banner(`${tokenRefused(this.#options.door.portalUrl)}\r\n`));
        }
        this.#login.refuse();
        return;
      case 'welcome':
        this.#visitor.loggedIn();
        return;
      case 'accept-login':
        this.#accepted = true;
        this.#login.accept();
        return;
      case 'ask-to-continue':
        this.#login.askToContinue();
        return;
      case 'ask':
        if (this.#questions.open !== undefined) this.#login.ask(this.#questions.open);
        return;
      case 'await-choice':
        this.#chooser.begin(this.#options.tellMilliseconds);
        return;
      case 'offer-again':
        this.#chooser.offer(effect.message);
        return;
      case 'admit':
        this.#machine.run(this.#admit());
        return;
      case 'open-target':
        this.#machine.run(this.#openTarget());
        return;
      case 'tell-when-asked':
        this.#destination.resolve({ ok: false, message: effect.message });
        this.#tellTimer = setTimeout(() => this.input({ type: 'told' }), this.#options.tellMilliseconds);
        return;
      case 'cut':
        this.#destination.resolve({ ok: false, message: effect.message });
        this.#people.cut(effect.message);
        this.#runs.forwards.cut();
        this.#closeTarget();
        return;
      case 'disconnect':
        this.#machine.run(this.#disconnect(effect));
        return;
      case 'end-session':
        void this.#session?.end(effect.reason);
    }
  }

  async #disconnect(effect: Extract<Effect, { readonly type: 'disconnect' }>): Promise<void> {
    this.#destination.resolve({ ok: false, message: effect.message });
    if (effect.why === 'bye') await this.#people.haveRead();
    this.#transport.disconnect(...farewell(effect, this.#options.door.portalUrl));
  }

  #closeTarget(): void {
    void this.#destination.promise.then((destination) => {
      if (destination.ok) destination.terminal.close();
    });
  }

  async #verify(): Promise<void> {
    this.#applicant.proved(await this.#passCheck.verify());
    this.input({ type: 'pass-judged', good: this.#applicant.isKnown, named: this.#applicant.namesTarget });
  }

  async #admit(): Promise<void> {
    const answer = await this.#applicant.admit(
      (_reason, message) => this.input({ type: 'ended', message }),
      (message) => this.#people.notice(message),
      this.#questions,
    );
    if (!answer.ok) {
      this.input({ type: 'not-admitted', message: answer.message });
      return;
    }
    this.#session = answer.session;
    this.#refusals.attach(answer.session);
    if (this.#machine.phase.at === 'over') await answer.session.end('closed-by-client');
    else this.input({ type: 'admitted' });
  }

  async #openTarget(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    const terminal = await session.openTarget(this.#chooser.prompter ?? this.#questions).catch((error: unknown) => {
      this.#session = undefined;
      this.#refusals.detach();
      this.input({ type: 'target-failed', message: error instanceof SallyportError ? error.message : internalFault });
    });
    if (terminal === undefined) return;
    if (this.#machine.phase.at === 'connecting') {
      terminal.onLost((reason) => this.#machine.run(this.#targetGone(reason)));
      this.#destination.resolve({ ok: true, session, terminal, tap: tapOf(session, () => this.#recordingFailed()) });
      this.#chooser.opened();
    } else {
      terminal.close();
    }
    this.input({ type: 'target-open' });
  }

  /** What the target still said reaches the client first. */
  async #targetGone(reason: 'closed-by-target' | 'target-lost'): Promise<void> {
    await within(drainMilliseconds, this.#runs.lastWords());
    this.input({ type: 'target-gone', reason, message: endMessage(reason) });
  }

  /** Before the login is done, nothing of the connection protocol is looked at: the connection ends (security rule S1). */
  #intercept(payload: Buffer): 'taken' | 'pass' {
    const type = payload[0] ?? 0;
    if (serverOnly.has(type)) throw new Error(`message ${type} from a client`);
    if (type < 80) return this.#login.sees(payload, (answer) => this.#transport.send(answer));
    if (!this.#accepted) throw new Error(`message ${type} before the login`);
    if (!isConnectionMessage(payload)) return 'pass';
    this.#connection.receive(payload);
    return 'taken';
  }

  #failed(error: Error & { readonly level?: unknown; readonly code?: unknown }): void {
    // A lost socket and a client's own goodbye are followed by the close.
    if (error.level === 'socket' || typeof error.code === 'number') return;
    if (error.level === 'client-timeout') {
      this.input({ type: 'client-silent' });
      return;
    }
    if (this.#machine.phase.at === 'login') this.#passCheck.noteBrokenLogin();
    this.input({ type: 'protocol-error' });
  }
}
