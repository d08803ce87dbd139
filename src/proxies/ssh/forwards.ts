import type { ForwardChannel, ForwardRequest } from '../../application/ports/target-terminal.ts';
import { forwardPair, mayForward } from '../../domain/policy/channels.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { internalFault } from '../kit/goodbye.ts';
import { openFailure } from './codec/messages.ts';
import type { OpenAnswer, Refusal } from './connection.ts';
import type { Destination, RunEvents } from './destination.ts';
import { ForwardRelay } from './forward-relay.ts';
import type { Refusals } from './refusals.ts';

/** Longer host names are nobody's (RFC 1035 section 2.3.4). */
const longestHost = 255;
const longestText = 200;

/** Connections of a person's client through the target (RFC 4254 section 7.2), only to pairs that the entitlement names. */
export class Forwards {
  readonly #destination: Promise<Destination>;
  readonly #refusals: Refusals;
  readonly #events: RunEvents;
  readonly #running = new Set<Promise<void>>();
  readonly #relays = new Set<ForwardRelay>();
  #over = false;

  constructor(destination: Promise<Destination>, refusals: Refusals, events: RunEvents) {
    this.#destination = destination;
    this.#refusals = refusals;
    this.#events = events;
  }

  /** Connections that have not ended, whether their channels are still open or not. */
  get running(): number {
    return this.#running.size;
  }

  /** Connects as soon as the target leg stands; the client waits until then. Never rejects. */
  async open(request: ForwardRequest, channel: number): Promise<OpenAnswer> {
    const destination = await this.#destination;
    if (!destination.ok) {
      this.#events.told();
      return no(openFailure.prohibited, destination.message);
    }
    const { session } = destination;
    const { host, port, originHost } = request;
    const pair = visibleText(forwardPair(host, port));
    if (host.length > longestHost || originHost.length > longestHost) {
      this.#refusals.note('direct-tcpip', 'a host name of more than 255 characters');
      return no(openFailure.prohibited, 'a host name has at most 255 characters');
    }
    if (!mayForward(session.authorized.channels.ssh, host, port)) {
      this.#refusals.note('direct-tcpip', pair);
      const how = 'an administrator names it in the entitlement, under channels.ssh.forward';
      return no(openFailure.prohibited, `forwarding to ${pair} is not allowed in this session: ${how}`);
    }
    try {
      return await this.#connect(destination, request, channel, pair);
    } catch {
      return no(openFailure.connectFailed, internalFault);
    }
  }

  /** The session is over: nothing passes any more. */
  cut(): void {
    this.#over = true;
    for (const relay of this.#relays) relay.cut();
  }

  /** The target is gone: resolves when what came from it has been passed on. */
  async lastWords(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Noted before the target is asked, so that nothing is reached that is not in the log. */
  async #connect(
    { session, terminal, tap }: Extract<Destination, { readonly ok: true }>,
    request: ForwardRequest,
    channel: number,
    pair: string,
  ): Promise<OpenAnswer> {
    const recordOffset = await tap.forwarded(channel, pair);
    await session.channelOpened({ channel, kind: 'direct-tcpip', name: pair, pty: false, recordOffset });
    const ended = async (bytes: { readonly bytesReceived: number; readonly bytesSent: number }): Promise<void> => {
      await tap.ended(channel, { code: null, signal: null, coreDumped: false, message: '' });
      // A fact that can't be logged ends the session there.
      session.channelClosed({ channel, exitCode: null, signal: null, ...bytes }).catch(() => {});
    };
    let target: ForwardChannel;
    try {
      target = await terminal.forward(request);
    } catch (error) {
      await ended({ bytesReceived: 0, bytesSent: 0 });
      const said = error instanceof Error ? visibleText(error.message).slice(0, longestText) : '';
      return no(openFailure.connectFailed, `the target can't connect to ${pair}: ${said}`);
    }
    return {
      ok: true,
      taken: (opened) => {
        const relay = new ForwardRelay(opened, target, session);
        this.#relays.add(relay);
        if (this.#over) relay.cut();
        this.#hold(relay, relay.done.then(ended));
      },
    };
  }

  #hold(relay: ForwardRelay, done: Promise<void>): void {
    const run = done.catch(() => this.#events.recordingFailed());
    this.#running.add(run);
    void run.finally(() => {
      this.#running.delete(run);
      this.#relays.delete(relay);
    });
  }
}

function no(reason: number, text: string): Refusal {
  return { ok: false, reason, text };
}
