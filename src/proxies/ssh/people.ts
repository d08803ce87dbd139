import type { TerminalRequest } from '../../application/ports/target-terminal.ts';
import { within } from '../../application/within.ts';
import type { SshChannels } from '../../domain/policy/channels.ts';
import type { Channel } from './channel.ts';
import { type Occupant, PersonChannel } from './person-channel.ts';
import type { Refusals } from './refusals.ts';

/** How long a client may take to read its last words before the connection goes, in milliseconds. */
const lastWordsMilliseconds = 1000;

/** The channels that a person's client has open in one connection. */
export class People {
  readonly #open = new Set<PersonChannel>();
  readonly #refusals: Refusals;
  readonly #channels: () => SshChannels | undefined;
  readonly #start: (person: PersonChannel, request: TerminalRequest) => Occupant;

  /** `channels` says what the session allows, once there is one; `start` takes over a shell or command. */
  constructor(
    refusals: Refusals,
    channels: () => SshChannels | undefined,
    start: (person: PersonChannel, request: TerminalRequest) => Occupant,
  ) {
    this.#refusals = refusals;
    this.#channels = channels;
    this.#start = start;
  }

  get size(): number {
    return this.#open.size;
  }

  welcome(channel: Channel): void {
    const person: PersonChannel = new PersonChannel(
      channel,
      this.#refusals,
      this.#channels,
      (request) => this.#start(person, request),
      () => this.#open.delete(person),
    );
    this.#open.add(person);
  }

  /** A word to those at a terminal, which ends nothing. */
  notice(message: string): void {
    for (const person of this.#open) person.notice(message);
  }

  /** The session is over: says why on every channel, and closes them. */
  cut(message: string): void {
    for (const person of this.#open) person.cut(message);
  }

  /**
   * Resolves when the client has closed every channel, or has had its time. OpenSSH drops what it has not shown yet when it
   * reads a disconnect: the channels close first.
   */
  async haveRead(): Promise<void> {
    await within(lastWordsMilliseconds, Promise.all([...this.#open].map(({ closed }) => closed)));
  }
}
