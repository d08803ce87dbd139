import type { Decider } from '../../domain/kernel/decider.ts';
import type { DomainEvent, Position, StoredEvent } from '../../domain/kernel/event.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import type { EventLog } from '../ports/event-log.ts';

interface Folded<State> {
  readonly state: State;
  readonly version: number;
  /** Of the last event in it. */
  readonly position: Position | null;
}

/** Bounds of what is kept: streams, and events in all of them; the one read last is kept however long it is. */
const mostStreams = 1_000;
const mostEvents = 50_000;
/** So many events are read before others have their turn. */
const pageSize = 500;

/**
 * The folded state of the streams read last. Every read asks the log for what came after, so that it is at the head of
 * the log as a whole read would be, and costs as much as is new: a pass may have served thousands of sessions.
 */
export class FoldedStreams<State, E extends DomainEvent> {
  readonly #decider: Pick<Decider<State, never, E>, 'initial' | 'evolve'>;
  readonly #logs = new WeakMap<EventLog, Map<StreamId, Folded<State>>>();

  constructor(decider: Pick<Decider<State, never, E>, 'initial' | 'evolve'>) {
    this.#decider = decider;
  }

  /** The state of a stream as it is durable now, and its version. Errors: those of the log. */
  async read(log: EventLog, stream: StreamId): Promise<{ readonly state: State; readonly version: number }> {
    let folded: Folded<State> = { state: this.#decider.initial, version: 0, position: null };
    for (;;) {
      const kept = this.#keptOf(log).get(stream);
      if (kept !== undefined && kept.version > folded.version) folded = kept;
      const page = await log.readStream(stream, { after: folded.position, limit: pageSize });
      folded = this.#with(folded, page);
      if (folded.version > 0) this.#keep(log, stream, folded);
      if (page.length < pageSize) return folded;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #with({ state, version, position }: Folded<State>, events: readonly StoredEvent[]): Folded<State> {
    const own = events as unknown as readonly E[];
    return {
      state: own.reduce((before, event) => this.#decider.evolve(before, event), state),
      version: version + events.length,
      position: events.at(-1)?.position ?? position,
    };
  }

  #keptOf(log: EventLog): Map<StreamId, Folded<State>> {
    const known = this.#logs.get(log);
    if (known !== undefined) return known;
    const none = new Map<StreamId, Folded<State>>();
    this.#logs.set(log, none);
    return none;
  }

  /** Moves the stream to the end, as the one read last, and drops what stands first beyond the bounds. */
  #keep(log: EventLog, stream: StreamId, folded: Folded<State>): void {
    const all = this.#keptOf(log);
    const kept = all.get(stream);
    all.delete(stream);
    all.set(stream, kept !== undefined && kept.version > folded.version ? kept : folded);
    let events = 0;
    for (const { version } of all.values()) events += version;
    for (const [first, { version }] of all) {
      if (all.size === 1 || (all.size <= mostStreams && events <= mostEvents)) break;
      all.delete(first);
      events -= version;
    }
  }
}
