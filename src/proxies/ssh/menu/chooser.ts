import type { Prompter, TerminalRequest } from '../../../application/ports/target-terminal.ts';
import type { Applicant } from '../applicant.ts';
import type { Occupant, PersonChannel } from '../person-channel.ts';
import type { Runs } from '../runs.ts';
import { MenuTerminal } from './menu-terminal.ts';
import type { Menus } from './menu-watch.ts';

export interface ChooserEvents {
  /** True while no target is named and a menu may be shown. */
  choosing(): boolean;
  /** `chosen` by the applicant; `unnamed`: what needs a target came, and can't be asked for one; `left`: the person. */
  input(type: 'chosen' | 'unnamed' | 'left' | 'protocol-error'): void;
}

const instead = 'choose in one of them or close it, or name a target: user~TARGET';

/** How a connection without a target comes to one: by a menu on its first shell with a terminal, or not at all. */
export class Chooser {
  readonly #runs: Runs;
  readonly #applicant: Applicant;
  readonly #menus: Menus;
  readonly #events: ChooserEvents;
  #menu:
    | { readonly terminal: MenuTerminal; readonly person: PersonChannel; readonly request: TerminalRequest }
    | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Called when the menu counts no more. */
  #leave: (() => void) | null = null;

  constructor(runs: Runs, applicant: Applicant, menus: Menus, events: ChooserEvents) {
    this.#runs = runs;
    this.#applicant = applicant;
    this.#menus = menus;
    this.#events = events;
  }

  /** Whom the target may ask, when the person is at the menu's terminal. */
  get prompter(): Prompter | undefined {
    return this.#menu?.terminal.prompter;
  }

  /** A client that asks for nothing is not waited for. */
  begin(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#events.input('unnamed'), milliseconds);
  }

  /** What was chosen is not open: admission or the target said no. */
  offer(message: string): void {
    this.#menu?.terminal.offer(message);
  }

  /** The target that was chosen is open: what was typed since the choice, and is from here on, is the session's. */
  opened(): void {
    if (this.#menu === undefined) return;
    const { terminal, person, request } = this.#menu;
    this.#leave?.();
    terminal.opened();
    const { relay, pty } = terminal.session;
    this.#runs.take(person, relay, { ...request, pty });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#leave?.();
  }

  start(person: PersonChannel, request: TerminalRequest): Occupant {
    if (!this.#events.choosing()) return this.#runs.start(person, request);
    if (this.#menu === undefined && request.kind === 'shell' && request.pty !== null) {
      clearTimeout(this.#timer);
      this.#leave = this.#menus.enter(this.#applicant.userId);
      if (this.#leave === null) {
        person.refuse(`you have ${String(this.#menus.limits.perUser)} menus open already; ${instead}`);
        this.#events.input('left');
        return this.#runs.start(person, request);
      }
      person.granted();
      const terminal = new MenuTerminal(person.channel, request.pty, this.#menus.limits, {
        list: () => this.#applicant.reachable(),
        live: () => this.#applicant.isLive(),
        attend: (end) => this.#applicant.attend(end),
        chosen: (chosen, reason) => {
          this.#applicant.chose(chosen, reason);
          this.#events.input('chosen');
        },
        leaving: () => this.#leave?.(),
        left: () => this.#events.input('left'),
        failed: () => this.#events.input('protocol-error'),
      });
      this.#menu = { terminal, person, request };
      return terminal;
    }
    this.#needed();
    return this.#runs.start(person, request);
  }

  /** A forwarded connection: with a menu before the person it waits for their choice. */
  async open(...forward: Parameters<Runs['forwards']['open']>): ReturnType<Runs['forwards']['open']> {
    this.#needed();
    return await this.#runs.forwards.open(...forward);
  }

  /** Something that leads to a target, and is no shell at a terminal. */
  #needed(): void {
    if (this.#events.choosing() && this.#menu === undefined) this.#events.input('unnamed');
  }
}
