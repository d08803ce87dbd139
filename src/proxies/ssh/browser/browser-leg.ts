import type { BrowserDoor, LiveSession } from '../../../application/admission/door.ts';
import { endMessage } from '../../../application/admission/end-messages.ts';
import type {
  BrowserTerminal,
  BrowserTerminalWish,
  TerminalEndReason,
  TerminalScreen,
} from '../../../application/ports/browser-terminals.ts';
import type { TargetTerminal, TerminalExit, TerminalSize } from '../../../application/ports/target-terminal.ts';
import { within } from '../../../application/within.ts';
import { SallyportError } from '../../../domain/kernel/errors.ts';
import type { SessionEndReason } from '../../../domain/session/events.ts';
import { internalFault, printable } from '../../kit/goodbye.ts';
import { guarded } from '../../kit/guarded.ts';
import { Applicant } from '../applicant.ts';
import type { Destination } from '../destination.ts';
import { fitAnswers } from '../login.ts';
import { OwnWords } from '../own-words.ts';
import type { Person } from '../person.ts';
import { Questions } from '../questions.ts';
import { Refusals } from '../refusals.ts';
import { Relay } from '../relay.ts';
import { Runs } from '../runs.ts';
import { tapOf } from '../tap.ts';
import { BrowserChannel } from './browser-channel.ts';

/** How long output of a lost target may take to be recorded and shown, in milliseconds. */
const drainMilliseconds = 5000;

/** The terminal that a page draws. */
const term = 'xterm-256color';

/** One person's terminal in the browser, from admission to its end: the same road and the same parts as an SSH client's. */
export class BrowserLeg implements BrowserTerminal, Person {
  readonly channel: BrowserChannel;
  readonly #screen: TerminalScreen;
  readonly #applicant: Applicant;
  readonly #relay: Relay;
  readonly #runs: Runs;
  readonly #words: OwnWords;
  readonly #refusals = new Refusals();
  readonly #destination = Promise.withResolvers<Destination>();
  readonly #closed = Promise.withResolvers<undefined>();
  readonly #questions = new Questions(() => {
    const { open } = this.#questions;
    if (open !== undefined && !this.#over) this.#screen.asks(open);
    return !this.#over;
  });
  #size: TerminalSize;
  #session: LiveSession | undefined;
  #terminal: TargetTerminal | undefined;
  #over = false;

  constructor(door: BrowserDoor, wish: BrowserTerminalWish, screen: TerminalScreen, reasonMilliseconds: number) {
    const { pass, destination, reason, size, source, client } = wish;
    this.#screen = screen;
    this.#size = size;
    this.channel = new BrowserChannel(screen, (exit) => this.#exited(exit));
    this.#words = new OwnWords(this.channel);
    this.#relay = new Relay(this.channel);
    this.#applicant = new Applicant(door, source, client, reasonMilliseconds);
    this.#applicant.proved({ pass, name: { user: pass.userName, ...destination } });
    this.#applicant.because(reason);
    this.#runs = new Runs(this.#destination.promise, this.#refusals, {
      recordingFailed: () => this.#recordingFailed(),
      fault: () => this.#fault(),
      told: () => {},
    });
    this.#begin().catch(() => this.#fault());
  }

  get closed(): Promise<undefined> {
    return this.#closed.promise;
  }

  input(data: Buffer): void {
    guarded(
      () => this.#relay.fromClient(data),
      () => this.#fault(),
    );
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    if (this.#terminal !== undefined) this.#relay.resize(inPixels(size));
  }

  answer(answers: readonly string[] | null): void {
    const { open } = this.#questions;
    if (open === undefined) return;
    this.#questions.answer(answers && fitAnswers(answers, open.prompts.length));
  }

  leave(reason: 'closed-by-client' | 'client-lost'): void {
    if (this.#over) return;
    this.#over = true;
    this.#letGo(reason);
  }

  recordTo(...live: Parameters<OwnWords['recordTo']>): void {
    this.#words.recordTo(...live);
  }

  granted(): void {
    if (!this.#over) this.#screen.opened();
  }

  refuse(message: string): void {
    this.#cut('refused', message, 'closed-by-client');
  }

  async #begin(): Promise<void> {
    const answer = await this.#applicant.admit(
      (reason, message) => this.#cut(reason, message, reason),
      (message) => this.#notice(message),
      this.#questions,
    );
    if (!answer.ok) {
      this.#end('refused', answer.message, 'error');
      return;
    }
    const { session } = answer;
    this.#session = session;
    this.#refusals.attach(session);
    if (this.#over) {
      await session.end('closed-by-client');
      return;
    }
    const { authorized } = session;
    this.#screen.admitted({
      sessionId: authorized.sessionId,
      target: authorized.target.name,
      account: authorized.account.username,
      recorded: session.recorder !== null,
    });
    const terminal = await session.openTarget(this.#questions).catch((error: unknown) => {
      this.#end(endReasonOf(error), error instanceof SallyportError ? error.message : internalFault, 'error');
    });
    if (terminal === undefined) return;
    if (!this.#isOpen()) {
      terminal.close();
      return;
    }
    this.#terminal = terminal;
    terminal.onLost((reason) => void this.#targetGone(reason).catch(() => this.#fault()));
    this.#destination.resolve({ ok: true, session, terminal, tap: tapOf(session, () => this.#recordingFailed()) });
    const pty = { term, ...inPixels(this.#size), modes: null };
    this.#runs.take(this, this.#relay, { kind: 'shell', command: null, pty, env: [] });
  }

  /** Asked again after what takes its time. */
  #isOpen(): boolean {
    return !this.#over;
  }

  #exited(exit: TerminalExit): void {
    if (this.#over) return;
    this.#screen.exited(exit);
    this.#end('exited', endMessage('closed-by-client'), 'closed-by-client');
  }

  /** What the target still said is shown first. */
  async #targetGone(reason: 'closed-by-target' | 'target-lost'): Promise<void> {
    await within(drainMilliseconds, this.#runs.lastWords());
    this.#cut(reason, endMessage(reason), reason);
  }

  #recordingFailed(): void {
    this.#cut('recording-failed', endMessage('recording-failed'), 'recording-failed');
  }

  /** Something of ours broke: this terminal goes, and no other one. */
  #fault(): void {
    this.#end('error', internalFault, 'error');
  }

  #notice(message: string): void {
    if (this.#over || !this.#words.inSession) return;
    this.#words.say(message, true, () => {
      if (!this.#over) this.#screen.notice(printable(message));
    });
  }

  /** Says why in the terminal, after what is recorded already; that is recorded before the session ends. */
  #cut(reason: TerminalEndReason, message: string, ending: SessionEndReason): void {
    if (this.#over) return;
    this.#over = true;
    this.#relay.stop();
    const end = (): void => this.#screen.ended(reason, printable(message));
    if (this.#words.inSession) this.#words.say(message, true, end);
    else end();
    this.#letGo(ending);
  }

  #end(reason: TerminalEndReason, message: string, ending: SessionEndReason): void {
    if (this.#over) return;
    this.#over = true;
    this.#screen.ended(reason, printable(message));
    this.#letGo(ending);
  }

  /** A session that has ended already stays as it did. */
  #letGo(ending: SessionEndReason): void {
    this.#relay.stop();
    this.#questions.answer(null);
    this.#terminal?.close();
    this.#closed.resolve(undefined);
    void this.#session?.end(ending);
  }
}

function inPixels(size: TerminalSize): TerminalSize & { readonly widthPixels: number; readonly heightPixels: number } {
  return { columns: size.columns, rows: size.rows, widthPixels: 0, heightPixels: 0 };
}

const targetFailures: readonly string[] = [
  'target-unreachable',
  'target-login-failed',
  'target-host-key-refused',
] satisfies SessionEndReason[];

function endReasonOf(error: unknown): TerminalEndReason {
  const code = error instanceof SallyportError ? error.code : '';
  return targetFailures.includes(code) ? (code as SessionEndReason) : 'error';
}
