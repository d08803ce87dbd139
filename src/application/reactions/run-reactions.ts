import type { Position, StoredEvent } from '../../domain/kernel/event.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ProcessLog } from '../ports/system.ts';

export interface Reaction {
  readonly name: string;
  readonly types: readonly string[];
  react(event: StoredEvent): Promise<void>;
}

/** Wait before the subscription is taken up again after an error. */
const retryMilliseconds = 200;

/**
 * Delivers every event after `after` to each reaction that wants it, in order, until the signal comes. An error in a
 * reaction is logged and does not stop the others; an error of the log is retried from where it stopped.
 */
export async function runReactions(
  log: EventLog,
  reactions: readonly Reaction[],
  after: Position,
  processLog: ProcessLog,
  signal: AbortSignal,
): Promise<void> {
  const types = [...new Set(reactions.flatMap((reaction) => reaction.types))];
  let position = after;
  const stopped = (): boolean => signal.aborted;
  while (!stopped()) {
    try {
      for await (const item of log.subscribeAll({ after: position, filter: { types }, signal })) {
        if (item.kind === 'caught-up') {
          position = item.position;
          continue;
        }
        for (const event of item.events) {
          await deliver(reactions, event, processLog);
          position = event.position;
        }
      }
    } catch (error) {
      if (stopped()) return;
      processLog.warn('the subscription of the reactions broke, it is taken up again', { error: String(error) });
      await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
    }
  }
}

async function deliver(reactions: readonly Reaction[], event: StoredEvent, processLog: ProcessLog): Promise<void> {
  for (const reaction of reactions) {
    if (!reaction.types.includes(event.type)) continue;
    try {
      await reaction.react(event);
    } catch (error) {
      processLog.error('a reaction failed', { reaction: reaction.name, event: event.id, error: String(error) });
    }
  }
}
