import { guessingDecider } from '../../domain/guessing/decider.ts';
import type { GuessingNoticed } from '../../domain/guessing/events.ts';
import type { Position, StoredEvent } from '../../domain/kernel/event.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { type NodeId, streamId } from '../../domain/kernel/ids.ts';
import { millisecondsBetween, plusMilliseconds } from '../../domain/kernel/time.ts';
import { type CommandTools, StreamWriter } from '../commands/run-command.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { ProcessLog } from '../ports/system.ts';
import type { GuessBrake, GuessLimits } from './guess-brake.ts';
import { countedTypes, type Outcome, outcomeOf } from './outcome.ts';

export interface FollowDeps {
  readonly tools: CommandTools;
  readonly views: Pick<ReadModels, 'auditTrail'>;
  readonly processLog: ProcessLog;
  readonly nodeId: NodeId;
  readonly limits: Pick<GuessLimits, 'windowMilliseconds' | 'refusalMilliseconds'>;
}

/** So many of the newest events count at a start. */
const mostAtStart = 10_000;
/** How long a failure may take to be counted before its turn is given on without that. */
const longestLagMilliseconds = 2_000;
const retryMilliseconds = 200;

/** Keeps a brake at what the log says, of this process, of others and of what was before the start. */
export class GuessFollower {
  readonly #deps: FollowDeps;
  #position: Position = '';
  readonly #waiting = new Map<() => void, Position>();

  constructor(deps: FollowDeps) {
    this.#deps = deps;
  }

  /** Resolves when everything the log holds now is counted, or can't be in time. Rejects when the log can't be read. */
  async counted(): Promise<void> {
    const head = await this.#deps.tools.log.head();
    if (this.#position >= head) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, longestLagMilliseconds);
      this.#waiting.set(go, head);
    });
  }

  /** Counts what may still matter of the time before. The view of the audit trail has to be caught up. */
  async rebuild(brake: GuessBrake): Promise<void> {
    const { tools, views, limits } = this.#deps;
    const now = await tools.now();
    const since = plusMilliseconds(now, -(limits.windowMilliseconds + limits.refusalMilliseconds));
    this.#position = views.auditTrail.position();
    const rows = views.auditTrail.find({
      where: { type: { in: countedTypes }, at: { above: since } },
      orderBy: 'position',
      descending: true,
      limit: mostAtStart,
    });
    for (const event of await tools.log.readAt(rows.map(({ position }) => position).reverse())) {
      await this.#count(brake, event, Math.max(0, millisecondsBetween(event.metadata.at, now)));
    }
  }

  /** Goes on until the signal comes. */
  async follow(brake: GuessBrake, signal: AbortSignal): Promise<void> {
    const { tools, processLog } = this.#deps;
    const filter = { types: countedTypes };
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      try {
        for await (const item of tools.log.subscribeAll({ after: this.#position, filter, signal })) {
          if (item.kind === 'caught-up') this.#reached(item.position);
          else for (const event of item.events) await this.#count(brake, event, 0);
        }
      } catch (error) {
        if (stopped()) return;
        processLog.warn('failed logins could not be counted, it is tried again', { error: String(error) });
        await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
      }
    }
  }

  async #count(brake: GuessBrake, event: StoredEvent, age: number): Promise<void> {
    const outcome = await this.#outcome(event);
    const alerts = outcome === null ? [] : brake.fold(outcome, age);
    this.#reached(event.position);
    for (const alert of alerts) void this.#raise(event, alert);
  }

  /** An attempt that can't be read counts as nothing, so that it does not keep the others from counting. */
  async #outcome(event: StoredEvent): Promise<Outcome | null> {
    try {
      return await outcomeOf(this.#deps.tools.log, event);
    } catch (error) {
      if (error instanceof SallyportError && error.kind === 'unavailable') throw error;
      this.#deps.processLog.error('a login could not be read and is not counted', { event: event.id });
      return null;
    }
  }

  #reached(position: Position): void {
    if (position > this.#position) this.#position = position;
    for (const [go, wanted] of this.#waiting) if (this.#position >= wanted) go();
  }

  /** Never rejects: what can't be appended now is said at the next start, if it still matters then. */
  async #raise(cause: StoredEvent, alert: GuessingNoticed['data']): Promise<void> {
    const { tools, processLog, nodeId } = this.#deps;
    const writer = new StreamWriter(tools, guessingDecider, streamId('guessing', cause.id));
    const actor = { kind: 'system' as const, nodeId };
    const { correlationId } = cause.metadata;
    try {
      await writer.run({ actor, correlationId, causationId: cause.id }, { type: 'notice', alert });
      const { subject, network, door, failures } = alert;
      processLog.warn('many logins have failed: somebody may be guessing', { subject, network, door, failures });
    } catch (error) {
      processLog.error('an alert about guessing could not be logged', { error: String(error) });
    }
  }
}
