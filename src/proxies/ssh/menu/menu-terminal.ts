import type { Prompter, TerminalRequest } from '../../../application/ports/target-terminal.ts';
import { printable } from '../../kit/goodbye.ts';
import type { Channel } from '../channel.ts';
import type { WindowSize } from '../codec/requests.ts';
import { fields } from '../codec/wire.ts';
import { guarded } from '../../kit/guarded.ts';
import { Relay } from '../relay.ts';
import { asksOf, type Choice, choicesOf, type Chosen } from './choices.ts';
import { begin, end, type Face, faceOf, feed, keyTo, repaint, resize } from './face.ts';
import { type Keyboard, release, restingKeyboard } from './keys.ts';
import { LineQuestions } from './line-questions.ts';
import type { MenuEvents } from './menu-events.ts';
import { MenuOutput } from './menu-output.ts';
import { type MenuLimits, MenuWatch } from './menu-watch.ts';
import type { Outcome } from './outcome.ts';
import { noReason, nothing, notListed, tooMany } from './menu-texts.ts';
import { askReason } from '../reason-question.ts';

type Pty = NonNullable<TerminalRequest['pty']>;

/** An escape that nothing follows for so long was the Escape key, in milliseconds. */
const escapeMilliseconds = 300;
/** Bytes that may be typed before the list is there. */
const mostEarly = 256;

/**
 * The menu on one channel, until the target that was chosen is open: then everything goes to the relay. Nothing of it is in
 * a recording, since there is no session yet. What is typed after the choice belongs to the session, and is dropped when
 * that is refused; so is what was on its way then.
 */
export class MenuTerminal {
  readonly #channel: Channel;
  readonly #events: MenuEvents;
  readonly #watch: MenuWatch;
  readonly #mostChoices: number;
  readonly #output: MenuOutput;
  readonly #questions = new LineQuestions((text) => this.#output.show(text));
  /** `explaining`: the person is asked for a reason before anybody is asked for admission. */
  #at: 'listing' | 'choosing' | 'explaining' | 'chosen' | 'over' = 'listing';
  #pty: Pty;
  #face: Face | undefined;
  #keyboard: Keyboard = restingKeyboard;
  #early = Buffer.alloc(0);
  #ended = false;
  #relay: Relay | undefined;
  /** Bytes that the relay has, and the window lacks. */
  #ahead = 0;
  #escape: NodeJS.Timeout | undefined;
  #choices = 0;

  constructor(channel: Channel, pty: Pty, limits: MenuLimits, events: MenuEvents) {
    this.#channel = channel;
    this.#output = new MenuOutput(channel, () =>
      this.#at === 'choosing' && this.#face !== undefined ? repaint(this.#face) : '',
    );
    this.#pty = pty;
    this.#mostChoices = limits.choices;
    this.#events = events;
    this.#watch = new MenuWatch(limits, {
      live: () => events.live(),
      attend: (end) => events.attend(end),
      over: (message) => {
        if (this.#atMenu) this.#leave(1, message);
      },
      failed: () => this.#failed(),
    });
    this.offer('');
  }

  /** For what the target asks on the way to the session. */
  get prompter(): Prompter {
    return this.#questions;
  }

  /** The relay that has what was typed ahead, and the terminal as it is now. */
  get session(): { readonly relay: Relay; readonly pty: Pty } {
    this.#relay ??= new Relay(this.#channel);
    return { relay: this.#relay, pty: this.#pty };
  }

  /** There is a session now, which has limits of its own. */
  opened(): void {
    this.#watch.stop();
  }

  /** Shows the list as it is now, after a word about why nothing was opened. */
  offer(notice: string): void {
    this.#offer(notice).catch(() => this.#failed());
  }

  async #offer(notice: string): Promise<void> {
    if (this.#at === 'over') return;
    this.#drop();
    this.#at = 'listing';
    const enough = this.#choices < this.#mostChoices ? this.#watch.over : tooMany;
    if (enough !== null) {
      this.#leave(1, `${printable(notice)}; ${enough}`);
      return;
    }
    this.#watch.alive();
    if (notice !== '') {
      // What the client sends before it answers was typed for the session, with the refusal not seen yet.
      await this.#channel.heard();
      this.#early = Buffer.alloc(0);
      if (this.#over()) return;
    }
    const reach = await this.#events.list();
    if (this.#over()) return;
    const said = notice === '' ? '' : `${printable(notice)}; `;
    if (!reach.ok) this.#leave(1, said + notListed);
    else if (reach.open.length === 0) this.#leave(1, said + nothing);
    else this.#begin(choicesOf(reach.open), printable(notice));
  }

  fromClient(data: Buffer): void {
    if (this.#at === 'explaining') this.#watch.alive();
    if (this.#at === 'chosen' || this.#at === 'explaining') this.#afterChoice(data);
    else if (this.#at === 'choosing') this.#typed(data);
    else {
      this.#channel.consumed(data.length);
      if (this.#at === 'listing') this.#early = Buffer.concat([this.#early, data]).subarray(0, mostEarly);
    }
  }

  eofFromClient(): void {
    this.#ended = true;
    if (this.#at === 'choosing' || this.#at === 'explaining') this.#leave(1, 'nothing was chosen');
    else if (this.#at === 'chosen') {
      this.#questions.cancel();
      this.#relay?.eofFromClient();
    }
  }

  resize(size: WindowSize): void {
    this.#pty = { ...this.#pty, ...size };
    this.#relay?.resize(size);
    if (this.#at !== 'choosing' || this.#face === undefined) return;
    this.#face = resize(this.#face, size);
    this.#output.paint();
  }

  signal(name: string): void {
    this.#relay?.signal(name);
  }

  /** The channel is closed or about to be: the terminal is left as it was. */
  stop(): void {
    const unchosen = this.#atMenu;
    this.#at = 'over';
    this.#watch.stop();
    clearTimeout(this.#escape);
    this.#questions.cancel();
    this.#relay?.stop();
    if (!unchosen) return;
    this.#away();
    this.#events.left();
  }

  /** There is no choice yet that admission was asked about. */
  get #atMenu(): boolean {
    return this.#at === 'listing' || this.#at === 'choosing' || this.#at === 'explaining';
  }

  #over(): boolean {
    return this.#at === 'over';
  }

  #begin(choices: readonly Choice[], notice: string): void {
    const { face, show } = begin(faceOf(choices, this.#pty), notice);
    this.#face = face;
    this.#at = 'choosing';
    this.#output.show(show);
    const early = this.#early;
    this.#early = Buffer.alloc(0);
    if (early.length > 0) this.#keys(early);
    if (this.#ended) this.eofFromClient();
  }

  #typed(data: Buffer): void {
    this.#watch.alive();
    if (this.#output.isFull) this.#channel.consumed(data.length);
    else {
      const used = this.#keys(data);
      this.#channel.consumed(used);
      if (used < data.length) this.fromClient(data.subarray(used));
    }
  }

  /** How many bytes of it were for the menu. */
  #keys(data: Buffer): number {
    if (this.#face === undefined) return data.length;
    clearTimeout(this.#escape);
    const { face, keyboard, show, outcome, used } = feed(this.#face, this.#keyboard, data);
    this.#face = face;
    this.#keyboard = keyboard;
    if (keyboard.at === 'escape') this.#escape = this.#escapeLater();
    this.#done(show, outcome);
    return used;
  }

  #escapeLater(): NodeJS.Timeout {
    const act = (): void => this.#released();
    return setTimeout(() => guarded(act, () => this.#failed()), escapeMilliseconds);
  }

  #released(): void {
    const { keyboard, key } = release(this.#keyboard);
    this.#keyboard = keyboard;
    if (this.#at !== 'choosing' || this.#face === undefined || key === null) return;
    const { face, show, outcome } = keyTo(this.#face, key);
    this.#face = face;
    this.#done(show, outcome);
  }

  #done(show: string, outcome: Outcome | null): void {
    this.#output.show(show);
    if (outcome === null) this.#output.paint();
    else if (outcome.type === 'left') this.#leave(outcome.code, '');
    else this.#choose(outcome.chosen);
  }

  #choose(chosen: Chosen): void {
    const asks = asksOf(this.#face?.menu.choices ?? [], chosen);
    this.#away();
    if (asks === null) this.#request(chosen, '');
    else this.#explain(chosen, asks).catch(() => this.#failed());
  }

  /** What is typed behind the reason belongs to the session, as it does behind a choice. */
  async #explain(chosen: Chosen, asks: string): Promise<void> {
    this.#at = 'explaining';
    const reason = await askReason(this.#questions, `${chosen.account} on ${chosen.target}`, asks);
    if (this.#over()) return;
    if (reason === '') this.offer(noReason);
    else this.#request(chosen, reason);
  }

  #request(chosen: Chosen, reason: string): void {
    this.#at = 'chosen';
    this.#choices += 1;
    this.#watch.rest();
    this.#output.show(`sallyport: connecting to ${printable(chosen.account)} on ${printable(chosen.target)}\r\n`);
    this.#events.chosen(chosen, reason);
  }

  #away(): void {
    if (this.#face !== undefined) this.#output.show(end(this.#face));
    this.#face = undefined;
  }

  /** An answer to what the target asks, or input of the session to come. */
  #afterChoice(data: Buffer): void {
    if (!this.#questions.asking) {
      this.#ahead += data.length;
      this.session.relay.fromClient(data);
      return;
    }
    const used = this.#output.isFull ? data.length : this.#questions.type(data);
    this.#channel.consumed(used);
    if (used < data.length) this.#afterChoice(data.subarray(used));
  }

  /** What was typed for a session that is not to be. */
  #drop(): void {
    this.#questions.cancel();
    this.#relay?.stop();
    this.#relay = undefined;
    if (this.#ahead > 0) this.#channel.consumed(this.#ahead);
    this.#ahead = 0;
    this.#keyboard = restingKeyboard;
  }

  #leave(code: number, message: string): void {
    this.#watch.stop();
    this.#events.leaving();
    this.#away();
    if (message !== '') this.#output.show(`sallyport: ${message}\r\n`);
    this.#at = 'over';
    this.#channel.eof();
    this.#channel.lastRequest('exit-status', fields(code));
    this.#channel.close();
    this.#events.left();
  }

  #failed(): void {
    this.#at = 'over';
    this.#watch.stop();
    this.#events.failed();
  }
}
