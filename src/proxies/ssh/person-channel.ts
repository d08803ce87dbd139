import type { LiveSession } from '../../application/admission/door.ts';
import type { TerminalRequest, Variable } from '../../application/ports/target-terminal.ts';
import type { SshChannels } from '../../domain/policy/channels.ts';
import type { Carrier } from './carrier.ts';
import type { Channel } from './channel.ts';
import { decodePty, decodeText, decodeVariable, decodeWindowChange, type Pty } from './codec/requests.ts';
import { fields } from './codec/wire.ts';
import { passes } from './entitled.ts';
import { OwnWords } from './own-words.ts';
import type { Person } from './person.ts';
import type { Refusals } from './refusals.ts';
import { refusalText } from './refusals.ts';
import type { Tap } from './tap.ts';

/** Exit status of a command that was never started. */
const notStarted = 1;

/** Variables of one channel, in number and in characters of names and values. */
const mostVariables = 64;
const mostCharacters = 32 * 1024;

/** Who has the channel: a menu at first when no target is named, then the relay. */
export type Occupant = Pick<Carrier, 'fromClient' | 'eofFromClient' | 'resize' | 'signal' | 'stop'>;

/**
 * One channel that the person's client opened: first a terminal may be asked for, then one shell or command, which
 * `start` takes over; everything else is refused (security rule S5).
 */
export class PersonChannel implements Person {
  readonly channel: Channel;
  #pty: Pty | null = null;
  #relay: Occupant | undefined;
  #started = false;
  readonly #env: Variable[] = [];
  #reply: ((ok: boolean) => void) | undefined;
  readonly #words: OwnWords;
  /** The last words are said, or wait for their record: nothing of ours comes after them. */
  #over = false;
  readonly #refusals: Refusals;
  /** What the session allows, once there is one. */
  readonly #channels: () => SshChannels | undefined;
  readonly #closed = Promise.withResolvers<undefined>();

  constructor(
    channel: Channel,
    refusals: Refusals,
    channels: () => SshChannels | undefined,
    start: (request: TerminalRequest) => Occupant,
    closed: () => void,
  ) {
    this.channel = channel;
    this.#words = new OwnWords(channel);
    this.#refusals = refusals;
    this.#channels = channels;
    channel.events = {
      data: (code, data) => {
        // A client has no standard error to send (RFC 4254 section 5.2 knows it in one direction only).
        if (code === 0 && this.#relay !== undefined) this.#relay.fromClient(data);
        else channel.consumed(data.length);
      },
      eof: () => this.#relay?.eofFromClient(),
      request: (name, data, reply) => this.#request(name, data, reply, start),
      closed: () => {
        this.#relay?.stop();
        this.#closed.resolve(undefined);
        closed();
      },
    };
  }

  /** Resolves when the client has closed the channel too: it has read what was said. */
  get closed(): Promise<undefined> {
    return this.#closed.promise;
  }

  /** The shell or command runs: the client's request is answered. */
  granted(): void {
    this.#reply?.(true);
    this.#reply = undefined;
  }

  /** From here on our own words on this channel are output like any other: recorded first, and counted. */
  recordTo(tap: Tap, session: Pick<LiveSession, 'sent'>): void {
    this.#words.recordTo(tap, session);
  }

  /** A word that ends nothing, for people at a terminal only: it must not get into a program's data. */
  notice(message: string): void {
    if (this.#pty !== null && this.#words.inSession && !this.#over) this.#say(message, () => {});
  }

  /** Says why there is nothing, with the exit status of a failure, and closes. */
  refuse(message: string): void {
    if (this.#over) return;
    this.#over = true;
    this.granted();
    this.#say(message, () => {
      this.channel.eof();
      this.channel.lastRequest('exit-status', fields(notStarted));
      this.channel.close();
    });
  }

  /** The session is over: says why after what is recorded already, and closes. Who does not read, misses it. */
  cut(message: string): void {
    this.#relay?.stop();
    if (this.#over) return;
    this.#over = true;
    this.granted();
    this.#say(message, () => this.channel.close());
  }

  #say(message: string, then: () => void): void {
    this.#words.say(message, this.#pty !== null, then);
  }

  /** While it is not known what the session allows, all are kept: the start looks again. */
  #keep(variable: Variable): boolean {
    const channels = this.#channels();
    if (channels !== undefined && !passes(variable, channels, this.#refusals)) return false;
    const all = [...this.#env, variable];
    const characters = all.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
    if (this.#started || all.length > mostVariables || characters > mostCharacters) {
      this.#refusals.note('env', variable.name);
      return false;
    }
    this.#env.push(variable);
    return true;
  }

  #request(
    name: string,
    data: Buffer,
    reply: (ok: boolean) => void,
    start: (request: TerminalRequest) => Occupant,
  ): void {
    switch (name) {
      case 'pty-req':
        if (this.#started || this.#pty !== null) {
          reply(false);
          return;
        }
        this.#pty = decodePty(data);
        {
          reply(true);
          return;
        }
      case 'shell':
      case 'exec': {
        if (this.#started) {
          reply(false);
          return;
        }
        this.#started = true;
        this.#reply = reply;
        const command = name === 'exec' ? decodeText(data) : null;
        this.#relay = start({ kind: name, command, pty: this.#pty, env: this.#env });
        return;
      }
      case 'window-change': {
        const size = decodeWindowChange(data);
        if (this.#pty === null) {
          reply(false);
          return;
        }
        if (this.#relay === undefined) this.#pty = { ...this.#pty, ...size };
        else this.#relay.resize(size);
        reply(true);
        return;
      }
      case 'signal':
        this.#relay?.signal(decodeText(data));
        {
          reply(this.#relay !== undefined);
          return;
        }
      case 'subsystem':
        if (this.#started) {
          reply(false);
          return;
        }
        this.#started = true;
        if (decodeText(data) === 'sftp') {
          this.#reply = reply;
          this.#relay = start({ kind: 'sftp', command: null, pty: null, env: this.#env });
          return;
        }
        this.#refusals.note(name, decodeText(data));
        // A refused request would hide the text: clients stop reading there. So it starts, says why not and fails.
        this.#reply = reply;
        this.refuse(refusalText(name));
        return;
      case 'env': {
        reply(this.#keep(decodeVariable(data)));
        return;
      }
      case 'x11-req':
      case 'auth-agent-req@openssh.com':
        this.#refusals.note(name);
        {
          reply(false);
          return;
        }
      default: {
        // Among them PuTTY's winadj, which wants to be refused: that is how it measures the window.
        reply(false);
        return;
      }
    }
  }
}
