import type { TerminalRequest } from '../../application/ports/target-terminal.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { internalFault } from '../kit/goodbye.ts';
import type { Destination, RunEvents } from './destination.ts';
import { entitled } from './entitled.ts';
import { Forwards } from './forwards.ts';
import type { PersonChannel } from './person-channel.ts';
import { type Refusals, refusalText } from './refusals.ts';
import { Relay } from './relay.ts';

/** The shells and commands of one connection, from the wish to the last byte. */
export class Runs {
  readonly forwards: Forwards;
  readonly #destination: Promise<Destination>;
  readonly #refusals: Refusals;
  readonly #events: RunEvents;
  readonly #running = new Set<Promise<void>>();
  #targetLost = false;

  constructor(destination: Promise<Destination>, refusals: Refusals, events: RunEvents) {
    this.forwards = new Forwards(destination, refusals, events);
    this.#destination = destination;
    this.#refusals = refusals;
    this.#events = events;
  }

  /** Shells and commands that have not ended, whether their channels are still open or not. */
  get running(): number {
    return this.#running.size;
  }

  /** Starts a shell or command as soon as the target leg stands; until then the client's bytes wait. */
  start(person: PersonChannel, request: TerminalRequest): Relay {
    const relay = new Relay(person.channel);
    const run = this.#run(person, relay, request).catch((error: unknown) => {
      person.refuse(error instanceof SallyportError ? error.message : internalFault);
    });
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
    return relay;
  }

  /** The target is gone: resolves when what it still said has been passed on. */
  async lastWords(): Promise<void> {
    this.#targetLost = true;
    await Promise.all([...this.#running, this.forwards.lastWords()]);
  }

  async #run(person: PersonChannel, relay: Relay, wish: TerminalRequest): Promise<void> {
    const destination = await this.#destination;
    if (!destination.ok) {
      person.refuse(destination.message);
      await person.closed;
      this.#events.told();
      return;
    }
    const { session, terminal, tap } = destination;
    person.recordTo(tap, session);
    const request = entitled(wish, session.authorized.channels, this.#refusals);
    if (request === null) {
      person.refuse(refusalText(wish.kind));
      return;
    }
    const number = person.channel.id;
    const recordOffset = await tap.started(number, request);
    await session.channelOpened({
      channel: number,
      kind: request.kind,
      name: null,
      pty: request.pty !== null,
      recordOffset,
    });
    const exit = await relay.run({
      session,
      terminal,
      tap,
      request,
      onOpen: () => person.granted(),
      onRecordingFailed: () => {
        void session.end('recording-failed');
        this.#events.recordingFailed();
      },
    });
    await tap.ended(number, exit);
    session
      .channelClosed({ channel: number, exitCode: exit.code, signal: exit.signal, ...relay.bytes })
      .catch(() => {});
    if (this.#targetLost) await person.channel.flushed();
    else relay.finish(exit);
  }
}
