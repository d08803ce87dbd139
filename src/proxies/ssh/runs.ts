import type { TerminalExit, TerminalRequest } from '../../application/ports/target-terminal.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { internalFault } from '../kit/goodbye.ts';
import type { Carrier } from './carrier.ts';
import type { Destination, RunEvents } from './destination.ts';
import { entitled } from './entitled.ts';
import { FileRelay } from './files/file-relay.ts';
import { ReorderBudget } from './files/ordered-hash.ts';
import { rsyncOnly } from './files/rsync-guard.ts';
import { refusedTransfer, type Transfer, transferOf } from './files/transfers.ts';
import { Forwards } from './forwards.ts';
import type { Person } from './person.ts';
import { type Refusals, refusalText } from './refusals.ts';
import { Relay } from './relay.ts';
import { withoutContents } from './tap.ts';

/** The shells and commands of one connection, from the wish to the last byte. */
export class Runs {
  readonly forwards: Forwards;
  readonly #destination: Promise<Destination>;
  readonly #refusals: Refusals;
  readonly #events: RunEvents;
  /** One for all channels: it is part of what a connection may hold. */
  readonly #budget = new ReorderBudget();
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

  /** Starts a shell, command or transfer as soon as the target leg stands; until then the client's bytes wait. */
  start(person: Person, request: TerminalRequest): Carrier {
    const transfer = transferOf(request);
    const open = transfer?.open ?? null;
    const relay =
      open === null
        ? new Relay(person.channel)
        : new FileRelay(person.channel, (wire, id, policy) => open(wire, id, policy, this.#budget));
    this.take(person, relay, request, transfer);
    return relay;
  }

  /** The same with a relay that may hold the person's first bytes already. */
  take(person: Person, relay: Carrier, request: TerminalRequest, transfer: Transfer | null = null): void {
    const run = this.#run(person, relay, request, transfer)
      .catch((error: unknown) => person.refuse(error instanceof SallyportError ? error.message : internalFault))
      .catch(() => this.#events.fault());
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  /** The target is gone: resolves when what it still said has been passed on. */
  async lastWords(): Promise<void> {
    this.#targetLost = true;
    await Promise.all([...this.#running, this.forwards.lastWords()]);
  }

  async #run(person: Person, relay: Carrier, wish: TerminalRequest, transfer: Transfer | null): Promise<void> {
    const destination = await this.#destination;
    if (!destination.ok) {
      person.refuse(destination.message);
      await person.closed;
      this.#events.told();
      return;
    }
    const { session, terminal, tap } = destination;
    person.recordTo(tap, session);
    const channels = session.authorized.channels.ssh;
    const noTransfer = refusedTransfer(transfer, wish, channels);
    if (noTransfer !== null) {
      this.#refusals.note(transfer?.kind ?? wish.kind, transfer === null ? 'file transfer' : (transfer.name ?? 'sftp'));
      person.refuse(noTransfer);
      return;
    }
    // What can't be read may be anything that the target has under that name: it needs what a command needs too.
    const isUnread = transfer?.open === null;
    const request = entitled(wish, channels, this.#refusals, transfer !== null && !isUnread);
    if (request === null) {
      person.refuse(refusalText(wish.kind));
      return;
    }
    const number = person.channel.id;
    const recordOffset = await tap.started(number, request);
    await session.channelOpened({
      channel: number,
      kind: transfer?.kind ?? request.kind,
      name: transfer?.name ?? null,
      pty: request.pty !== null,
      recordOffset,
    });
    const ended = async (exit: TerminalExit): Promise<void> => {
      try {
        await tap.ended(number, exit);
      } finally {
        session
          .channelClosed({ channel: number, exitCode: exit.code, signal: exit.signal, ...relay.bytes })
          .catch(() => {});
      }
    };
    const carried = relay.run({
      session,
      terminal: isUnread ? rsyncOnly(terminal) : terminal,
      tap: isUnread && session.authorized.recording !== 'strict' ? withoutContents(tap) : tap,
      request,
      onOpen: () => person.granted(),
      onRecordingFailed: () => this.#events.recordingFailed(),
      onFault: () => this.#events.fault(),
    });
    const exit = await carried.catch(async (error: unknown) => {
      await ended({ code: null, signal: null, coreDumped: false, message: '' });
      throw error;
    });
    await ended(exit);
    if (this.#targetLost) await person.channel.flushed();
    else relay.finish(exit);
  }
}
