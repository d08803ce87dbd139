import { expect, test } from 'vitest';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { uuidV7Ids } from '../../../src/adapters/system/ids.ts';
import { jsonLog } from '../../../src/adapters/system/process-log.ts';

test('wall time is UTC with milliseconds', () => {
  expect(systemClock.wall()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Math.abs(Date.parse(systemClock.wall()) - Date.now())).toBeLessThan(1_000);
});

test('ids are uuids of version 7 that rise, also within a millisecond and when the clock is set back', () => {
  let now = 1_700_000_000_000;
  const ids = uuidV7Ids(() => now);
  const drawn: string[] = [];
  for (const time of [now, now + 5, now - 60_000, now + 6]) {
    now = time;
    for (let each = 0; each < 6_000; each += 1) drawn.push(ids.uuid());
  }
  for (const id of drawn) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(drawn).size).toBe(drawn.length);
  expect(drawn).toEqual([...drawn].sort());
  expect(parseInt(drawn[0]!.replace('-', '').slice(0, 12), 16)).toBe(1_700_000_000_000);
});

test('a log line is one line of JSON that no text of a stranger can break out of', () => {
  const lines: string[] = [];
  const log = jsonLog({ wall: () => '2026-01-02T03:04:05.678Z' }, (line) => lines.push(line));
  log.warn('refused\n{"level":"info"}', { source: '\u001b[2J\u009b\u2028\u202e', level: 'info', bytes: 3n });
  log.error('failed', { cause: Object.assign(new Error('disk full'), { code: 'ENOSPC' }) });
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  log.info('odd', { circle });
  for (const line of lines) expect(line.slice(0, -1)).toMatch(/^[\x20-\x7e]+$/);
  const [warned, failed, odd] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(warned).toEqual({
    at: '2026-01-02T03:04:05.678Z',
    level: 'warn',
    message: 'refused\n{"level":"info"}',
    source: '\u001b[2J\u009b\u2028\u202e',
    bytes: '3',
  });
  expect(failed!.cause).toEqual({ error: 'Error', code: 'ENOSPC', message: 'disk full' });
  expect(odd).toMatchObject({ level: 'info', message: 'odd' });
});
