import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepLimits, type SessionLimits } from '../../../src/application/admission/session-limits.ts';
import { id } from '../../domain/kit/ids.ts';

interface Seen {
  readonly limits: SessionLimits;
  /** What happened, each with its second. */
  readonly log: readonly string[];
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const admittedAt = '2026-01-01T00:00:00.000Z';

function keep(
  seconds: number,
  idleSeconds: number | null,
  endsBecause: 'max-session' | 'pass-expired',
  kind: 'token' | 'key' | 'login' = 'token',
): Seen {
  const log: string[] = [];
  const start = performance.now();
  const now = (): string => `${String(Math.round((performance.now() - start) / 1000))}: `;
  const limits = keepLimits(
    {
      passId: id(kind),
      admittedAt,
      endsAt: new Date(Date.parse(admittedAt) + seconds * 1000).toISOString(),
      endsBecause,
      idleMilliseconds: idleSeconds === null ? null : idleSeconds * 1000,
    },
    {
      warn: (message) => log.push(`${now()}${message}`),
      over: (reason) => {
        log.push(`${now()}${reason}`);
        limits.stop();
      },
    },
  );
  return { limits, log };
}

it('warns 5 minutes and 1 minute before the end of a long session, and says why', () => {
  const { log } = keep(8 * 3600, null, 'max-session');
  vi.advanceTimersByTime(9 * 3600_000);
  expect(log).toEqual([
    '28500: this session ends in 5 minutes (longest duration)',
    '28740: this session ends in 1 minute (longest duration)',
    '28800: max-session',
  ]);
});

it.each([
  [600, ['480: this session ends in 2 minutes', '540: this session ends in 1 minute', '600: pass-expired']],
  [100, ['80: this session ends in 20 seconds', '100: pass-expired']],
])('warns a fifth of %i s before the end when that is later', (seconds, expected) => {
  const { log } = keep(seconds, null, 'pass-expired');
  vi.advanceTimersByTime(3600_000);
  expect(log).toEqual(
    expected.map((line) => line.replace(/(second|minute)(s?)$/, '$1$2 (its temporary token expires)')),
  );
});

it('warns before an idle end, takes the warning back when the person types, and warns again', () => {
  const { log, limits } = keep(36_000, 600, 'max-session');
  vi.advanceTimersByTime(575_000);
  expect(log).toEqual(['570: this session ends in 30 seconds (idle), unless you type']);
  limits.active();
  vi.advanceTimersByTime(569_000);
  expect(log).toHaveLength(1);
  vi.advanceTimersByTime(100_000);
  expect(log.slice(1)).toEqual(['1145: this session ends in 30 seconds (idle), unless you type', '1175: idle']);
});

it('a person who types all the time is never warned, and nothing happens after the stop', () => {
  const { log, limits } = keep(36_000, 60, 'max-session');
  for (let i = 0; i < 100; i += 1) {
    vi.advanceTimersByTime(40_000);
    limits.active();
  }
  expect(log).toEqual([]);
  limits.stop();
  vi.advanceTimersByTime(36_000_000);
  expect(log).toEqual([]);
});

it('an idle limit longer than a timer can be ends nothing early', () => {
  const { log, limits } = keep(8 * 3600, 30 * 86_400, 'max-session');
  vi.advanceTimersByTime(7 * 3600_000);
  expect(log).toEqual([]);
  limits.stop();
});

it('a session that may last longer than a timer can be ends when the timer does, with its warnings', () => {
  const { log } = keep(40 * 86_400, null, 'max-session');
  vi.advanceTimersByTime(24 * 86_400_000);
  expect(log).toEqual([]);
  vi.advanceTimersByTime(86_400_000);
  expect(log).toHaveLength(3);
  expect(log.at(-1)).toBe('2147484: max-session');
});

it.each([
  ['key', 'its key expires'],
  ['login', 'its login expires'],
] as const)('says of a %s that %s', (kind, cause) => {
  const { log } = keep(50, null, 'pass-expired', kind);
  vi.advanceTimersByTime(60_000);
  expect(log).toEqual([`40: this session ends in 10 seconds (${cause})`, '50: pass-expired']);
});
