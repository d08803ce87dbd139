import { expect, test } from 'vitest';
import { drawSecret } from '../../../src/adapters/system/secrets.ts';
import { TicketBrake } from '../../../src/application/terminals/ticket-brake.ts';
import { TerminalTickets } from '../../../src/application/terminals/tickets.ts';

const login = 'login-1';
const wish = { target: 'web-1', account: null, reason: '' };

test('a ticket is good for 30 seconds, and told from one that never was for a while after that', () => {
  let now = 0;
  const tickets = new TerminalTickets(drawSecret, () => now);
  const [early, late] = [tickets.draw(login, wish) ?? '', tickets.draw(login, wish) ?? ''];
  expect(early).toMatch(/^[\w-]{43}$/);
  now = 29_999;
  expect(tickets.take(login, early)).toEqual({ ok: true, wish });
  expect(tickets.take(login, early)).toEqual({ ok: false, reason: 'ticket-used' });
  now = 30_000;
  expect(tickets.take(login, late)).toEqual({ ok: false, reason: 'ticket-late' });
  expect(tickets.take('login-2', late)).toEqual({ ok: false, reason: 'ticket-foreign' });
  now = 90_000;
  expect(tickets.draw(login, wish)).not.toBe(null);
  expect(tickets.take(login, late)).toEqual({ ok: false, reason: 'ticket-unknown' });
});

test('one login has 16 at the most that were not used, and keeps nobody else from having some', () => {
  let now = 0;
  const tickets = new TerminalTickets(drawSecret, () => now);
  const drawn = Array.from({ length: 16 }, () => tickets.draw(login, wish) ?? '');
  expect(new Set(drawn).size).toBe(16);
  expect(tickets.draw(login, wish)).toBe(null);
  expect(tickets.draw('login-2', wish)).not.toBe(null);
  tickets.take(login, drawn[0]!);
  expect(tickets.draw(login, wish)).not.toBe(null);
  now = 30_000;
  expect(tickets.draw(login, wish)).not.toBe(null);
});

test('however many are used, one that is good stays good', () => {
  const tickets = new TerminalTickets(drawSecret, () => 0);
  const live = tickets.draw(login, wish) ?? '';
  for (let used = 0; used < 10_001; used += 1) tickets.take('login-2', tickets.draw('login-2', wish) ?? '');
  expect(tickets.take(login, live)).toEqual({ ok: true, wish });
});

test('after 10 refused tickets of one person in 15 minutes none of theirs is looked at for one', () => {
  let now = 0;
  const brake = new TicketBrake(() => now);
  const fails = (times: number): readonly boolean[] => Array.from({ length: times }, () => brake.failed('user-1'));
  expect(fails(9)).toEqual(Array.from({ length: 9 }, () => false));
  now = 15 * 60_000;
  expect(fails(10)).toEqual([...Array.from({ length: 9 }, () => false), true]);
  expect([brake.refuses('user-1'), brake.refuses('user-2')]).toEqual([true, false]);
  now += 59_999;
  expect(brake.refuses('user-1')).toBe(true);
  now += 1;
  expect(brake.refuses('user-1')).toBe(false);
  expect(fails(9)).not.toContain(true);
});
