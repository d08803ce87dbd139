import type { EventLog } from '../../application/ports/event-log.ts';
import type { ViewRows, ViewStore, ViewStores } from '../../application/ports/view-store.ts';
import type { Comparison, Row, View, ViewDefinition, ViewQuery } from '../../application/ports/views.ts';
import type { SallyportError } from '../../domain/kernel/errors.ts';
import type { Position, StoredEvent } from '../../domain/kernel/event.ts';
import { applyBatch } from './apply-batch.ts';
import { HotRows } from './hot-rows.ts';
import { viewUnavailable, Waiters } from './waiters.ts';

/** What a view has to say to the people who run the installation. Holds no personal data. */
export type OnWarning = (message: string, fields: Readonly<Record<string, unknown>>) => void;

/** Events in one transaction; between two, other work of the process gets its turn. */
const eventsPerWrite = 1000;
/** The checkpoint is kept at least every so many caught-ups that brought nothing for the view. */
const caughtUpsPerWrite = 256;
const firstPauseMilliseconds = 50;
const longestPauseMilliseconds = 2000;

/** Keeps one view in step with the log: live is the same as rebuilt, from whatever checkpoint it starts. */
export class Projector<R extends Row> implements View<R> {
  readonly #definition: ViewDefinition<R>;
  readonly #log: EventLog;
  readonly #store: ViewStore<R>;
  readonly #warn: OnWarning;
  readonly #stop = new AbortController();
  readonly #waiters: Waiters;
  readonly #run: Promise<void>;
  #hot: HotRows<R> | undefined;
  #position: Position;
  #served: Position;
  #trouble: SallyportError | undefined;
  #revision = 0;
  #idle = 0;
  #finishing = false;

  constructor(definition: ViewDefinition<R>, log: EventLog, store: ViewStore<R>, warn: OnWarning) {
    this.#definition = definition;
    this.#log = log;
    this.#store = store;
    this.#warn = warn;
    this.#waiters = new Waiters(definition.name);
    this.#position = store.checkpoint();
    this.#served = store.building() ? '' : this.#position;
    this.#heat();
    this.#run = this.#follow();
  }

  get(key: string): R | undefined {
    return (this.#hot ?? this.#rows()).get(key);
  }

  find(query: ViewQuery<R>): readonly R[] {
    return (this.#hot ?? this.#rows()).find(query);
  }

  count(where?: Comparison<R>): number {
    return (this.#hot ?? this.#rows()).count(where);
  }

  position(): Position {
    return this.#served;
  }

  revision(): number {
    return this.#revision;
  }

  async reached(position: Position, deadlineMilliseconds: number): Promise<void> {
    if (this.#trouble !== undefined) throw this.#trouble;
    if (this.#served < position) await this.#waiters.wait(position, deadlineMilliseconds);
  }

  /** Waits without a deadline; for the start of a process. Trouble on the way is waited out. */
  async caughtUp(position: Position): Promise<void> {
    while (this.#served < position) {
      if (this.#stop.signal.aborted) throw viewUnavailable(this.#definition.name, 'it was closed');
      await this.#waiters.wait(position, longestPauseMilliseconds).catch(() => undefined);
    }
  }

  /** Writes the checkpoint and lets go of the file. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#trouble = viewUnavailable(this.#definition.name, 'it was closed');
    this.#waiters.fail(this.#trouble);
    await this.#run;
    this.#hot = undefined;
    this.#store.close();
  }

  #rows(): ViewRows<R> {
    const rows = this.#store.serving();
    if (rows === undefined) throw viewUnavailable(this.#definition.name, 'it is being built');
    return rows;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    const { handles } = this.#definition;
    let pause = firstPauseMilliseconds;
    while (!signal.aborted) {
      try {
        if (this.#finishing) this.#finish();
        const filter = handles === 'all' ? {} : { filter: { types: handles } };
        const after = this.#position === '' ? null : this.#position;
        for await (const item of this.#log.subscribeAll({ after, ...filter, signal })) {
          if (item.kind === 'events') await this.#project(item.events);
          else await this.#caughtUp(item.position);
          this.#healed();
          pause = firstPauseMilliseconds;
        }
      } catch (error) {
        if (!this.#stop.signal.aborted) this.#fallOver(error);
      }
      // The log ends a subscription only with the signal; whatever else ended it, the view goes on from its checkpoint.
      await this.#wait(pause);
      pause = Math.min(pause * 2, longestPauseMilliseconds);
    }
    if (!this.#finishing) this.#keepCheckpoint();
  }

  async #project(events: readonly StoredEvent[]): Promise<void> {
    for (let from = 0; from < events.length; from += eventsPerWrite) {
      if (from > 0 || events.length >= eventsPerWrite) await new Promise((resolve) => setImmediate(resolve));
      if (this.#stop.signal.aborted) return;
      const applied = applyBatch(this.#definition, this.#store, events.slice(from, from + eventsPerWrite));
      for (const { event, error } of applied.poison) {
        const fields = {
          view: this.#definition.name,
          stream: event.stream,
          position: event.position,
          type: event.type,
        };
        this.#warn('an event could not be applied: its stream stands still in this view', {
          ...fields,
          error: String(error),
        });
      }
      const { changes } = applied;
      const expired = this.#store.write(changes);
      this.#revision += 1;
      if (!this.#store.building()) this.#hot?.update(changes.rows, expired);
      this.#advance(changes.checkpoint);
    }
  }

  async #caughtUp(position: Position): Promise<void> {
    if (this.#store.building()) {
      this.#write(position);
      this.#finish();
    }
    this.#advance(position);
    this.#idle += 1;
    if (this.#idle >= caughtUpsPerWrite) this.#write(position);
  }

  /** The build is complete. Once begun this is brought to its end before anything else is written. */
  #finish(): void {
    this.#finishing = true;
    this.#store.finish();
    this.#finishing = false;
    this.#revision += 1;
    this.#heat();
  }

  /** After a pause the subscription starts again; what was not written comes again from the log. */
  #fallOver(error: unknown): void {
    const { name } = this.#definition;
    if (this.#trouble === undefined) {
      this.#warn('a view cannot go on; it tries again until it can', { view: name, error: String(error) });
    }
    this.#trouble = viewUnavailable(name, error instanceof Error ? error.message : String(error), error);
    this.#waiters.fail(this.#trouble);
  }

  #healed(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#warn('a view that could not go on goes on again', { view: this.#definition.name });
  }

  #advance(position: Position): void {
    if (position > this.#position) this.#position = position;
    if (this.#store.building()) return;
    this.#served = this.#position;
    this.#waiters.settle(this.#served);
  }

  #heat(): void {
    if (this.#definition.hot !== true || this.#store.serving() === undefined) return;
    this.#hot = new HotRows(this.#definition, this.#store.all());
  }

  /** A checkpoint that no row came with: nothing before it needs to be read again. */
  #write(checkpoint: Position): void {
    this.#idle = 0;
    if (checkpoint <= this.#store.checkpoint()) return;
    const newestAt = this.#store.newestAt();
    this.#store.write({ rows: new Map(), parked: new Map(), remembered: new Map(), checkpoint, newestAt, wipe: false });
  }

  #keepCheckpoint(): void {
    try {
      this.#write(this.#position);
    } catch {
      // The next start reads from the older checkpoint, no more.
    }
  }

  async #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done);
    });
  }
}

/** Opens the store of a view, or begins it afresh when it is ahead of the log, and starts to follow the log. */
export async function startProjector<R extends Row>(
  definition: ViewDefinition<R>,
  options: { readonly log: EventLog; readonly stores: ViewStores; readonly onWarning: OnWarning },
): Promise<Projector<R>> {
  const warn = (message: string): void => options.onWarning(message, { view: definition.name });
  const head = await options.log.head();
  const store = options.stores.open(definition, warn);
  if (store.checkpoint() <= head) return new Projector(definition, options.log, store, options.onWarning);
  store.close();
  warn('the view is ahead of the log, which must be another one or cut: it is built again');
  return new Projector(definition, options.log, options.stores.openAfresh(definition, warn), options.onWarning);
}
