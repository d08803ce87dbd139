import type { Decider, Decision, Rejection } from '../../domain/kernel/decider.ts';
import { fold } from '../../domain/kernel/decider.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { Actor, DomainEvent, Position, StoredEvent } from '../../domain/kernel/event.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import type { EventLog } from '../ports/event-log.ts';
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

/** So many times newer events may come between reading and appending before the command is given up. */
const maxAttempts = 20;

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
 * Loads the stream, decides and appends with the expected version; on a conflict it reads the newer events and decides
 * again. Resolves only when the events are durable. Errors: those of the log; `conflict` after too many attempts.
 */
export async function runCommand<State, Command, E extends DomainEvent, Code extends string>(
  tools: CommandTools,
  decider: Decider<State, Command, E, Code>,
  stream: StreamId,
  context: CommandContext,
  command: Command | ((at: string) => Command),
): Promise<CommandResult<E, Code>> {
  return inTurn(stream, async () => {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const history = (await tools.log.readStream(stream)) as readonly StoredEvent<E>[];
      const at = await tools.now();
      const wish = typeof command === 'function' ? (command as (at: string) => Command)(at) : command;
      const decision: Decision<E, Code> = decider.decide(wish, fold(decider, history as unknown as readonly E[]));
      if (!decision.ok) return decision;
      if (decision.events.length === 0) return { ok: true, version: history.length, position: null, events: [] };
      const result = await tools.log.append(
        stream,
        history.length,
        decision.events.map((event) => ({ ...event, id: tools.ids.uuid(), metadata: { at, ...context } })),
      );
      if (result.ok) {
        const events = result.events as readonly StoredEvent<E>[];
        return { ok: true, version: result.version, position: result.position, events };
      }
    }
    throw new SallyportError(
      'conflict',
      'too-much-contention',
      `${stream} changed ${String(maxAttempts)} times while a command on it was decided; nothing was done, try again`,
    );
  });
}
