import type { Decider, Decision, Rejection } from '../../domain/kernel/decider.ts';
import { fold } from '../../domain/kernel/decider.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { Actor, DomainEvent, Position, StoredEvent } from '../../domain/kernel/event.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import type { AppendResult, EventLog } from '../ports/event-log.ts';
import type { Ids } from '../ports/system.ts';

/** Who wishes it and what it belongs to; one correlation id for everything that follows from one wish. */
export interface CommandContext {
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId: string | null;
}

/** What every command needs. `now` is the later of the wall clock and the newest event (HOUSE.md, "Envelope"). */
export interface CommandTools {
  readonly log: EventLog;
  readonly ids: Ids;
  now(): Promise<string>;
}

export type CommandResult<E extends DomainEvent, Code extends string> =
  | {
      readonly ok: true;
      /** Version of the stream after the command. */
      readonly version: number;
      /** Position of the last event appended, or null when the wish held already and nothing was appended. */
      readonly position: Position | null;
      readonly events: readonly StoredEvent<E>[];
    }
  | { readonly ok: false; readonly rejection: Rejection<Code> };

/** A command, or how to make one for the moment of deciding, which may come more than once. */
type Wish<Command> = Command | ((at: string) => Command);

/** So many times newer events may come between reading and appending before the command is given up. */
const maxAttempts = 20;

/** Another way to the state of a stream at the head of the log than reading all of it. */
interface StreamReader<State> {
  read(log: EventLog, stream: StreamId): Promise<{ readonly state: State; readonly version: number }>;
}

const queues = new Map<StreamId, Promise<unknown>>();

/** Runs `work` after everything queued on the same stream in this process (HOUSE.md, "Admission"). */
async function inTurn<T>(stream: StreamId, work: () => Promise<T>): Promise<T> {
  const before = queues.get(stream) ?? Promise.resolve();
  const turn = before.then(work, work);
  const settled = turn.catch(() => undefined);
  queues.set(stream, settled);
  try {
    return await turn;
  } finally {
    if (queues.get(stream) === settled) queues.delete(stream);
  }
}

/**
 * A stream that this process writes often: it keeps the folded state, so that a long stream is not read again for
 * every event. Commands queue; on a conflict the stream is read anew.
 */
export class StreamWriter<State, Command, E extends DomainEvent, Code extends string> {
  readonly #tools: CommandTools;
  readonly #decider: Decider<State, Command, E, Code>;
  readonly #stream: StreamId;
  readonly #reader: StreamReader<State>;
  #known: { readonly state: State; readonly version: number } | null = null;

  constructor(
    tools: CommandTools,
    decider: Decider<State, Command, E, Code>,
    stream: StreamId,
    reader: StreamReader<State> = { read: (log) => readState(log, decider, stream) },
  ) {
    this.#tools = tools;
    this.#decider = decider;
    this.#stream = stream;
    this.#reader = reader;
  }

  /** As `runCommand`. */
  run(context: CommandContext, command: Wish<Command>): Promise<CommandResult<E, Code>> {
    return inTurn(this.#stream, () => this.#attempt(context, command));
  }

  async #attempt(context: CommandContext, command: Wish<Command>): Promise<CommandResult<E, Code>> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const { state, version } = await this.#load();
      const at = await this.#tools.now();
      const wish = typeof command === 'function' ? (command as (at: string) => Command)(at) : command;
      const decision: Decision<E, Code> = this.#decider.decide(wish, state);
      if (!decision.ok) return decision;
      if (decision.events.length === 0) return { ok: true, version, position: null, events: [] };
      const result = await this.#append(version, decision.events, at, context);
      if (!result.ok) continue;
      const next = decision.events.reduce((before, event) => this.#decider.evolve(before, event), state);
      this.#known = { state: next, version: result.version };
      const events = result.events as readonly StoredEvent<E>[];
      return { ok: true, version: result.version, position: result.position, events };
    }
    throw new SallyportError(
      'conflict',
      'too-much-contention',
      `${this.#stream} grew ${String(maxAttempts)} times while a command on it was decided; nothing was done, try again`,
    );
  }

  async #load(): Promise<{ readonly state: State; readonly version: number }> {
    this.#known ??= await this.#reader.read(this.#tools.log, this.#stream);
    return this.#known;
  }

  /** What was known is forgotten first: after a failed append nobody knows what stands. */
  #append(version: number, events: readonly E[], at: string, context: CommandContext): Promise<AppendResult> {
    this.#known = null;
    return this.#tools.log.append(
      this.#stream,
      version,
      events.map((event) => ({ ...event, id: this.#tools.ids.uuid(), metadata: { at, ...context } })),
    );
  }
}

/**
 * Loads the stream, decides and appends with the expected version; on a conflict it reads the newer events and decides
 * again. Resolves only when the events are durable. Errors: those of the log; `conflict` after too many attempts.
 */
export function runCommand<State, Command, E extends DomainEvent, Code extends string>(
  tools: CommandTools,
  decider: Decider<State, Command, E, Code>,
  stream: StreamId,
  context: CommandContext,
  command: Wish<Command>,
): Promise<CommandResult<E, Code>> {
  return new StreamWriter(tools, decider, stream).run(context, command);
}

/** The folded state of a stream as it is durable now, and its version. */
export async function readState<State, Command, E extends DomainEvent, Code extends string>(
  log: EventLog,
  decider: Decider<State, Command, E, Code>,
  stream: StreamId,
): Promise<{ readonly state: State; readonly version: number }> {
  const history = await log.readStream(stream);
  return { state: fold(decider, history as unknown as readonly E[]), version: history.length };
}
