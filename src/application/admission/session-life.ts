import { SallyportError } from '../../domain/kernel/errors.ts';
import type { LearnedBy } from '../../domain/kernel/standing.ts';
import type { SessionCommand } from '../../domain/session/commands.ts';
import { type SessionCode, sessionDecider } from '../../domain/session/decider.ts';
import type { SessionEndReason, SessionEvent, SessionOpened } from '../../domain/session/events.ts';
import type { SessionState } from '../../domain/session/state.ts';
import { type CommandContext, type CommandTools, StreamWriter } from '../commands/run-command.ts';
import type { LoginActivity } from '../commands/login-activity.ts';
import type { RecordingWriter, SealedChunk } from '../ports/recordings.ts';
import type { ProcessLog } from '../ports/system.ts';
import type { DatabaseWish, TargetDatabase } from '../ports/target-database.ts';
import type { LegKinds, TargetLegs } from '../ports/target-legs.ts';
import type { Prompter, TargetTerminal } from '../ports/target-terminal.ts';
import { within } from '../within.ts';
import type { AuthorizedSession } from './authorized-session.ts';
import type { EndListener, LiveSession, NoticeListener } from './door.ts';
import { endMessage } from './end-messages.ts';
import { identityRefusal } from './identity-refusal.ts';
import { keepLogin, type PassUse } from './login-use.ts';
import { keepLimits, type SessionLimits } from './session-limits.ts';
import type { Registration, Terminations } from './terminations.ts';

export interface SessionLifeTools {
  readonly tools: CommandTools;
  readonly legs: TargetLegs;
  readonly terminations: Terminations;
  readonly activity: LoginActivity;
  readonly processLog: ProcessLog;
}

/** How the proxy of a session is told. */
export interface TellProxy {
  readonly end: EndListener;
  readonly notice: NoticeListener;
}

/** An end that could not be logged is tried again so far apart until it stands; the next start closes it otherwise. */
const endRetryMilliseconds = 1_000;

/** How long a proxy may take to close its channels once the session is over. */
const lettingGoMilliseconds = 2_000;

/**
 * One session from its opening to its end: keeps its limits, its record and its events. Everything that ends it from
 * outside goes through `cut`, which tells the proxy first and then ends it here.
 */
export class SessionLife implements LiveSession {
  readonly authorized: AuthorizedSession;
  readonly recorder: RecordingWriter | null;
  readonly #deps: SessionLifeTools;
  readonly #context: CommandContext;
  readonly #registration: Registration;
  readonly #tellProxy: TellProxy;
  readonly #stream: StreamWriter<SessionState, SessionCommand, SessionEvent, SessionCode>;
  readonly #limits: SessionLimits;
  readonly #passUse: PassUse;
  #facts: Promise<void> = Promise.resolve();
  #ended: Promise<void> | null = null;
  /** Why it is being cut: the proxy that is told of it may end the session at once. */
  #cut: { readonly message: string | null; readonly how: LearnedBy | null } | null = null;
  /** Open ones, by number. */
  readonly #channels = new Set<number>();
  #allClosed: (() => void) | undefined;
  #received = 0;
  #sent = 0;

  constructor(
    deps: SessionLifeTools,
    authorized: AuthorizedSession,
    recorder: RecordingWriter | null,
    context: CommandContext,
    registration: Registration,
    tellProxy: TellProxy,
  ) {
    this.#deps = deps;
    this.authorized = authorized;
    this.recorder = recorder;
    this.#context = context;
    this.#registration = registration;
    this.#tellProxy = tellProxy;
    this.#stream = new StreamWriter(deps.tools, sessionDecider, authorized.sessionId);
    recorder?.onChunk((chunk) => this.#chunkSealed(chunk));
    recorder?.onFailure((error) => this.#recordingFailed(error));
    this.#limits = keepLimits(authorized, {
      warn: (message) => this.#tellProxy.notice(message),
      over: (reason) => this.cut(reason, null),
    });
    this.#passUse = keepLogin(deps, authorized.passId);
  }

  /** Appends `SessionOpened`; the first fact of the stream. */
  opened(session: SessionOpened['data']): Promise<void> {
    return this.#append({ type: 'open', session });
  }

  openTarget(prompter?: Prompter): Promise<TargetTerminal> {
    return this.#openLeg('ssh', prompter);
  }

  openDatabase(wish: DatabaseWish): Promise<TargetDatabase> {
    return this.#openLeg('postgres', wish);
  }

  async #openLeg<K extends keyof LegKinds>(kind: K, wish: LegKinds[K]['wish']): Promise<LegKinds[K]['leg']> {
    let leg: LegKinds[K]['leg'] | null = null;
    try {
      this.#mustBeOpen();
      leg = await this.#deps.legs[kind].connect(this.authorized, wish);
      await this.#append({ type: 'open-target-leg', targetId: this.authorized.target.id, identity: leg.identity });
      this.#mustBeOpen();
      return leg;
    } catch (error) {
      leg?.close();
      const refusal = identityRefusal(error, this.authorized.target.id);
      if (refusal !== null) await this.#append(refusal).catch(() => undefined);
      void this.end(targetFailure(error));
      throw error;
    }
  }

  #mustBeOpen(): void {
    if (this.hasEnded) throw new SallyportError('conflict', 'session-ended', 'this session has ended; connect again');
  }

  async channelOpened(fact: Parameters<LiveSession['channelOpened']>[0]): Promise<void> {
    this.#mustBeOpen();
    this.#channels.add(fact.channel);
    await this.#append({ type: 'open-channel', opened: fact });
  }

  channelRefused(fact: Parameters<LiveSession['channelRefused']>[0]): Promise<void> {
    return this.#append({ type: 'refuse-channel', ...fact });
  }

  async channelClosed(fact: Parameters<LiveSession['channelClosed']>[0]): Promise<void> {
    if (!this.#channels.has(fact.channel)) return;
    try {
      await this.#append({ type: 'close-channel', ...fact });
    } finally {
      this.#channels.delete(fact.channel);
      if (this.#channels.size === 0) this.#allClosed?.();
    }
  }

  fileNoted(fact: Parameters<LiveSession['fileNoted']>[0]): Promise<void> {
    return this.#append({ type: 'note-file', fact });
  }

  statementsNoted(fact: Parameters<LiveSession['statementsNoted']>[0]): Promise<void> {
    return this.#append({ type: 'note-statements', fact });
  }

  /** True from the moment it was told to end; its last event may still be on the way. */
  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  received(bytes: number, byPerson = true): void {
    this.#received += bytes;
    if (!byPerson || bytes === 0) return;
    this.#limits.active();
    this.#passUse.active();
  }

  sent(bytes: number): void {
    this.#sent += bytes;
  }

  /** Ends the session from outside: the proxy says the message to the person and closes, the end is logged. */
  cut(reason: SessionEndReason, message: string | null, how: LearnedBy | null = null): void {
    if (this.#ended !== null) return;
    this.#cut = { message, how };
    this.#tellProxy.end(reason, message ?? endMessage(reason));
    void this.#end(reason, message, how);
  }

  end(reason: SessionEndReason, message?: string): Promise<void> {
    return this.#end(reason, message ?? this.#cut?.message ?? null, this.#cut?.how ?? null);
  }

  #end(reason: SessionEndReason, message: string | null, how: LearnedBy | null): Promise<void> {
    if (this.#ended !== null) return this.#ended;
    this.#ended = this.#finish(reason, message, how);
    this.#deps.terminations.noteEnding(this.#ended);
    return this.#ended;
  }

  async #finish(reason: SessionEndReason, message: string | null, how: LearnedBy | null): Promise<void> {
    this.#limits.stop();
    this.#passUse.stop();
    this.#deps.terminations.release(this.#registration);
    await this.#channelsClosed();
    await this.recorder?.close().catch((error: unknown) => this.#warn('the recording could not be closed', error));
    await this.#facts.catch(() => undefined);
    for (let tries = 0; ; tries += 1) {
      try {
        const bytes = { bytesReceived: this.#received, bytesSent: this.#sent };
        const result = await this.#stream.run(this.#context, { type: 'end', reason, how, message, ...bytes });
        if (!result.ok) this.#warn('the session has no end in the log', new Error(result.rejection.message));
        return;
      } catch (error) {
        if (tries === 0) this.#warn('the end of the session could not be logged yet', error);
        await new Promise((resolve) => setTimeout(resolve, endRetryMilliseconds).unref());
      }
    }
  }

  /** What passed on each channel is known once the proxy has let go of it; an end waits for that, but not for long. */
  async #channelsClosed(): Promise<void> {
    if (this.#channels.size === 0) return;
    const allClosed = Promise.withResolvers<undefined>();
    this.#allClosed = () => allClosed.resolve(undefined);
    await within(lettingGoMilliseconds, allClosed.promise);
    this.#channels.clear();
  }

  #recordingFailed(error: Error): void {
    this.#warn('the recording failed', error);
    if (this.authorized.recording !== 'preferred') this.cut('recording-failed', null);
  }

  #chunkSealed(chunk: SealedChunk): void {
    this.#append({ type: 'seal-chunk', sealed: chunk }).catch(() => undefined);
  }

  /** Facts of one session are appended in order; a fact that can't be logged ends the session (fail closed). */
  #append(command: SessionCommand): Promise<void> {
    const done = this.#facts.then(() => this.#run(command));
    this.#facts = done.catch((error: unknown) => {
      this.#warn('a fact of the session could not be logged', error);
      this.cut('log-unavailable', null);
    });
    return done;
  }

  async #run(command: SessionCommand): Promise<void> {
    const result = await this.#stream.run(this.#context, () => command);
    if (!result.ok) throw new SallyportError('conflict', result.rejection.code, result.rejection.message);
  }

  #warn(message: string, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#deps.processLog.warn(message, { sessionId: this.authorized.sessionId, error: text });
  }
}

const targetFailures: ReadonlySet<string> = new Set<SessionEndReason>([
  'target-unreachable',
  'target-login-failed',
  'target-host-key-refused',
  'target-certificate-refused',
]);

function targetFailure(error: unknown): SessionEndReason {
  const code = error instanceof SallyportError ? error.code : '';
  return targetFailures.has(code) ? (code as SessionEndReason) : 'error';
}
