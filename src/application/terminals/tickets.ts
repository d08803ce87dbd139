import { createHash } from 'node:crypto';
import type { PassRefusalReason } from '../../domain/authentication/events.ts';
import type { LoginId } from '../../domain/kernel/ids.ts';
import type { DrawSecret } from '../ports/system.ts';
import type { TerminalWish } from '../ports/terminal-face.ts';

/** How long a ticket may be shown, in milliseconds. */
export const ticketMilliseconds = 30_000;
/** For so long after that it is still told from one that never was. */
const afterlifeMilliseconds = 60_000;
/** Of one login, and in all, the oldest going first: of those that are good, and as many of those that were used. */
const mostOfOneLogin = 16;
const mostInAll = 10_000;

interface Ticket {
  readonly loginId: LoginId;
  readonly wish: TerminalWish;
  readonly drawnAt: number;
}

export type TicketTaken =
  | { readonly ok: true; readonly wish: TerminalWish }
  | { readonly ok: false; readonly reason: Extract<PassRefusalReason, `ticket-${string}`> };

/**
 * One-time tickets for terminals, in memory (security rule X2): 256 bits, kept as their digests. A restart forgets them,
 * and everybody asks again.
 */
export class TerminalTickets {
  readonly #tickets = new Map<string, Ticket>();
  /** Apart, so that using many pushes none out that is good. */
  readonly #used = new Map<string, Ticket>();
  readonly #drawSecret: DrawSecret;
  readonly #clock: () => number;

  /** `clock` never goes back, and counts milliseconds. */
  constructor(drawSecret: DrawSecret, clock: () => number) {
    this.#drawSecret = drawSecret;
    this.#clock = clock;
  }

  /** Null: this login has too many that were not used. */
  draw(loginId: LoginId, wish: TerminalWish): string | null {
    this.#sweep(this.#tickets);
    let open = 0;
    for (const other of this.#tickets.values()) {
      if (other.loginId === loginId && !this.#isLate(other)) open += 1;
    }
    if (open >= mostOfOneLogin) return null;
    const ticket = this.#drawSecret();
    this.#tickets.set(keyOf(ticket), { loginId, wish, drawnAt: this.#clock() });
    return ticket;
  }

  /** What the ticket is for, once. One that somebody else shows stays good for its own login. */
  take(loginId: LoginId, text: string): TicketTaken {
    const key = keyOf(text);
    const used = this.#used.get(key);
    const ticket = used ?? this.#tickets.get(key);
    if (ticket === undefined) return { ok: false, reason: 'ticket-unknown' };
    if (ticket.loginId !== loginId) return { ok: false, reason: 'ticket-foreign' };
    if (used !== undefined) return { ok: false, reason: 'ticket-used' };
    if (this.#isLate(ticket)) return { ok: false, reason: 'ticket-late' };
    this.#tickets.delete(key);
    this.#sweep(this.#used);
    this.#used.set(key, ticket);
    return { ok: true, wish: ticket.wish };
  }

  #isLate({ drawnAt }: Ticket): boolean {
    return this.#clock() - drawnAt >= ticketMilliseconds;
  }

  /** They stand in the order in which they were drawn, or used. */
  #sweep(tickets: Map<string, Ticket>): void {
    for (const [key, { drawnAt }] of tickets) {
      const isOld = this.#clock() - drawnAt >= ticketMilliseconds + afterlifeMilliseconds;
      if (!isOld && tickets.size < mostInAll) return;
      tickets.delete(key);
    }
  }
}

function keyOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}
