import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordEntry } from '../../../src/application/ports/recordings.ts';
import type { Viewer } from '../../../src/application/ports/viewer.ts';
import { Readings } from '../../../src/application/recordings/readings.ts';
import { until } from '../../kit/until.ts';
import { logins, viewer } from '../http/web-kit.ts';
import { newSession, output, startedAt, writeAll } from '../recordings/recording-kit.ts';
import { type Line, linesOf, readingRig } from './reading-kit.ts';

const json = (kind: RecordEntry['kind'], at: number, data: object, channel = 0): RecordEntry => ({
  kind,
  at,
  channel,
  data: Buffer.from(JSON.stringify(data)),
});

let rig: Awaited<ReturnType<typeof readingRig>>;
let reading: string;

beforeAll(async () => {
  rig = await readingRig();
  await writeAll(rig.writer, [
    json('channel', 0, { event: 'started', kind: 'shell', pty: { term: 'xterm', columns: 100, rows: 30 } }),
    output(10, '$ '),
    json('statement', 900, { known: true, line: 'ls \u001b[2J' }),
    output(1_000, 'a\u001b]52;c;aGk=\u0007b\u001b[3'),
    output(1_001, '1mred\u001b[c\u001b[0m'),
    output(1_500, Buffer.from([0xe2, 0x82])),
    output(1_501, Buffer.from([0xac, 0xff])),
    json('resize', 1_600, { columns: 120, rows: 40 }),
    json('statement', 7_000, { known: false, why: 'not-echoed' }),
    output(7_500, 'late'),
    json('file', 7_600, { event: 'refused', operation: 'open', path: '/etc/shadow', reason: 'not-allowed' }),
    json('file', 7_601, { event: 'looked', operation: 'stat', path: '/' }),
    json('channel', 7_700, { event: 'ended', exitCode: 3, signal: null }),
  ]);
  await rig.run({ type: 'refuse-channel', kind: 'x11', name: 'x11' }, 2_000);
  await rig.writer.close();
  await rig.end();
  const { status, json: answer } = await rig.openReading();
  expect([status, answer]).toEqual([201, { reading: answer.reading, live: false, screen: 'terminal' }]);
  ({ reading } = answer);
});
afterAll(async () => rig.close());

test('the index tells length, chunks and the size of the terminal', async () => {
  const { status, json: index } = await rig.get(reading);
  expect([status, index]).toEqual([
    200,
    {
      startedAt,
      milliseconds: 7_700,
      whole: true,
      live: false,
      size: { columns: 100, rows: 30 },
      count: 1,
      chunks: [[0, 7_700, expect.any(Number)]],
    },
  ]);
  expect((await rig.get(reading, '?chunk=1')).json.chunks).toEqual([]);
});

test('the rail tells what happened, with what was refused beside the recording, page by page', async () => {
  const rail: Line[] = [
    { at: 0, kind: 'started', channel: 0, what: 'shell', pty: { columns: 100, rows: 30 } },
    { at: 900, kind: 'line', channel: 0, text: 'ls \\u{1b}[2J' },
    { at: 1_600, kind: 'resize', channel: 0, columns: 120, rows: 40 },
    { at: 2_000, kind: 'denied', what: 'x11', name: 'x11' },
    { at: 1_501, kind: 'idle', to: 7_000 },
    { at: 7_000, kind: 'line', channel: 0, why: 'not-echoed' },
    { at: 7_600, kind: 'file', channel: 0, event: 'refused', what: 'open', path: '/etc/shadow', why: 'not-allowed' },
    { at: 7_700, kind: 'ended', channel: 0, exitCode: 3, signal: null },
    { at: 60_000, kind: 'session-ended', reason: 'closed-by-client' },
    { next: null, at: 60_000 },
  ];
  expect(await rig.lines(reading, '/rail')).toEqual(rail);
  const paged: Line[] = [];
  for (let after = ''; ; ) {
    const page = await rig.lines(reading, `/rail?limit=1${after}`);
    expect(page.length).toBeLessThanOrEqual(4);
    paged.push(...page.slice(0, -1));
    const { next } = page.at(-1)!;
    if (typeof next !== 'string') break;
    after = `&after=${next}`;
  }
  expect(paged).toEqual(rail.slice(0, -1));
});

test('records are text that only draws, whole characters and whole sequences, by time or number and by bytes', async () => {
  const all = await rig.lines(reading, '/records');
  const shown = all.filter(({ kind }) => kind === 'output').map(({ at, text }) => [at, text]);
  expect(shown).toEqual([
    [10, '$ '],
    [1_000, 'ab'],
    [1_001, '\u001b[31mred\u001b[0m'],
    [1_501, '€\ufffd'],
    [7_500, 'late'],
  ]);
  expect(all.at(-1)).toEqual({ next: null, at: 7_700 });
  const some = await rig.lines(reading, '/records?from=900&to=1600');
  expect(some.map(({ at }) => at)).toEqual([900, 1_000, 1_001, 1_501, 1_600, 1_600]);
  expect(some.at(-1)).toEqual({ next: 8, at: 1_600 });
  expect((await rig.lines(reading, '/records?record=8')).map(({ at }) => at)).toEqual([
    7_000, 7_500, 7_600, 7_601, 7_700, 7_700,
  ]);
  for (const behind of ['record=13', 'record=99', 'from=7701', 'from=99999']) {
    const [end, ...more] = await rig.lines(reading, `/records?${behind}`);
    expect([end?.next, more]).toEqual([null, []]);
  }
  const few = await rig.lines(reading, '/records?record=1&bytes=2');
  expect(few).toEqual([
    { at: 10, kind: 'output', channel: 0, text: '$ ' },
    { next: 2, at: 10 },
  ]);
});

test('the screen at a moment, from which the records go on', async () => {
  const { status, json: screen } = await rig.get(reading, '/screen?at=1000');
  expect([status, screen]).toEqual([
    200,
    { columns: 100, rows: 30, pty: true, ended: false, screen: expect.any(String), at: 1_000, channel: 0, next: 4 },
  ]);
  expect(screen.screen).toMatch(/^\$ ab(\r\n)+/);
  const lines = await rig.lines(reading, '/records?record=4&to=1500');
  // The sequence was begun before, and comes whole.
  expect(lines[0]).toEqual({ at: 1_001, kind: 'output', channel: 0, text: '\u001b[31mred\u001b[0m' });
});

test('a search finds what was shown, also across records and escape sequences, and what was typed', async () => {
  expect(await rig.lines(reading, '/search?text=B%1bred'.replace('%1b', ''))).toEqual([
    { at: 1_001, channel: 0, kind: 'shown', before: '$ a', match: 'bred', after: '' },
    { next: null, at: 7_700 },
  ]);
  expect(await rig.lines(reading, '/search?text=LS')).toMatchObject([
    { at: 900, kind: 'typed', match: 'ls' },
    { next: null },
  ]);
  expect(await rig.lines(reading, '/search?text=e&limit=1')).toMatchObject([{ at: 1_001 }, { next: 1_500, at: 1_001 }]);
  expect(await rig.lines(reading, '/search?text=e&limit=1&from=1500')).toMatchObject([{ at: 7_500 }, { next: 7_600 }]);
  expect((await rig.get(reading, '/search')).status).toBe(400);
});

test('statements come with how they ended, by pages and by text', async () => {
  const sql = await readingRig();
  try {
    await writeAll(sql.writer, [
      json('statement', 1, { n: 1, via: 'query', text: 'select 1', kind: 'select' }),
      json('statement', 5, {
        n: 2,
        via: 'execute',
        text: 'select $1',
        parameters: ['Needle'],
        ended: [{ n: 1, outcome: 'done', error: null, rows: 1, bytes: 9, ms: 3 }],
      }),
      json('statement', 6, { n: 3, via: 'query', text: 'drop table t', verdict: 'denied', why: 'not here' }),
      json('statement', 9, { ended: [{ n: 2, outcome: 'failed', error: '22012', rows: 0, bytes: 0, ms: 4 }] }),
    ]);
    await sql.writer.close();
    await sql.end();
    const { json: opened } = await sql.openReading();
    const one = { at: 1, n: 1, text: 'select 1', outcome: 'done', rows: 1, ms: 3 };
    const two = { at: 5, n: 2, parameters: ['Needle'], outcome: 'failed', error: '22012', ms: 4 };
    const three = { at: 6, n: 3, verdict: 'denied', why: 'not here' };
    const get = async (query: string) => sql.lines(opened.reading, `/statements${query}`);
    expect(await get('')).toMatchObject([one, two, three, { next: null }]);
    expect(await get('?limit=1')).toMatchObject([one, { next: 1 }]);
    expect(await get('?limit=1&record=1')).toMatchObject([two, { next: 2 }]);
    expect(await get('?text=needle')).toMatchObject([two, { next: null }]);
  } finally {
    await sql.close();
  }
});

test('long statements are cut, found whole, and end a page before its limit', { timeout: 60_000 }, async () => {
  const sql = await readingRig();
  try {
    const long = `${'x'.repeat(600_000)} Needle`;
    const part = (number: number, piece: string): ReturnType<typeof json> =>
      json('statement', 2, { part: number, parts: 2, piece });
    const whole = JSON.stringify({ n: 1, via: 'query', text: long });
    await writeAll(sql.writer, [
      json('statement', 1, { n: 0, via: 'query', text: 'select 1' }),
      part(0, whole.slice(0, 400_000)),
      part(1, whole.slice(400_000)),
      ...Array.from({ length: 40 }, (_, place) =>
        json('statement', 3, { n: 2 + place, via: 'execute', text: 's', parameters: ['y'.repeat(300_000), 'z'] }),
      ),
    ]);
    await sql.writer.close();
    await sql.end();
    const { json: opened } = await sql.openReading();
    const get = async (query: string) => sql.lines(opened.reading, `/statements${query}`);
    const [first, second, third] = await get('');
    expect(first?.cut).toBeUndefined();
    expect(second).toMatchObject({ n: 1, cut: 1 });
    expect(JSON.stringify(second).length).toBeLessThan(270_000);
    expect(third).toMatchObject({ n: 2, text: 's', cut: 3 });
    const seen: unknown[] = [];
    for (let record: number | null = 0; record !== null; ) {
      const page = await get(`?limit=1000&record=${String(record)}`);
      expect(JSON.stringify(page).length).toBeLessThan(9 * 1024 * 1024);
      seen.push(...page.slice(0, -1).map(({ n }) => n));
      record = (page.at(-1)?.next ?? null) as number | null;
    }
    expect(seen).toEqual(Array.from({ length: 42 }, (_, n) => n));
    expect(await get('?text=NEEDLE')).toMatchObject([{ n: 1, cut: 1 }, { next: null }]);
  } finally {
    await sql.close();
  }
});

test('an opening is one event for all that is read under it', async () => {
  const before = (await rig.readings()).length;
  const { json: opened } = await rig.openReading('spl_auditor');
  for (const path of ['', '/records', '/rail', '/screen', '/search?text=a', '/statements']) {
    expect((await rig.get(opened.reading, path, 'spl_auditor')).status).toBe(200);
  }
  const events = await rig.readings();
  expect(events.slice(before).map(({ data, metadata }) => [metadata.actor, data])).toEqual([
    [
      { kind: 'user', userId: logins.get('spl_auditor')!.userId },
      { sessionId: rig.session, manner: 'play', format: 'player' },
    ],
  ]);
});

test('who may not read it, an id that is none, and the reading of another login get nothing (K1)', async () => {
  const before = (await rig.readings()).length;
  const foreign = await rig.openReading('spl_operator');
  const absent = await rig.openReading('spl_operator', newSession());
  expect([foreign.status, absent.status]).toEqual([404, 404]);
  expect(foreign.body.replace(rig.session, '')).toBe(absent.body.replace(/session-[0-9a-f-]{36}/, ''));
  expect((await rig.openReading('spl_user', 'token-1' as never)).status).toBe(400);
  expect((await rig.readings()).length).toBe(before);
  for (const path of ['', '/records', '/rail', '/screen', '/search?text=a', '/statements']) {
    const others = await rig.get(reading, path, 'spl_auditor');
    const none = await rig.get('00000000-0000-4000-8000-000000000000', path);
    expect([others.status, others.body]).toEqual([404, none.body]);
    expect((await rig.web.ask(`/api/v1/readings/${reading}${path}`)).status).toBe(401);
  }
  for (const bad of [
    '/records?from=x',
    '/records?from=1&record=2',
    '/records?bytes=0',
    '/rail?after=1',
    '/rail?limit=0',
  ]) {
    expect((await rig.get(reading, bad)).status, bad).toBe(400);
  }
});

test('an auditor who is none any more reads no further', async () => {
  const { json: opened } = await rig.openReading('spl_auditor');
  const auditor = logins.get('spl_auditor')!;
  logins.set('spl_auditor', { ...auditor, permissions: ['self'] });
  try {
    for (const path of ['', '/records', '/rail', '/screen', '/search?text=a', '/statements']) {
      expect((await rig.get(opened.reading, path, 'spl_auditor')).status).toBe(404);
    }
  } finally {
    logins.set('spl_auditor', auditor);
  }
  expect((await rig.get(opened.reading, '', 'spl_auditor')).status).toBe(200);
});

test('a session that lives goes on: pages have a next one, and following gives what is written', async () => {
  const live = await readingRig();
  try {
    await writeAll(live.writer, [output(5, 'one')]);
    const { json: opened } = await live.openReading();
    expect(opened.live).toBe(true);
    expect((await live.readings()).map(({ data }) => (data as { manner: string }).manner)).toEqual(['follow']);
    const page = await live.lines(opened.reading, '/records');
    expect(page).toEqual([
      { at: 5, kind: 'output', channel: 0, text: 'one' },
      { next: 1, at: 5 },
    ]);
    expect((await live.lines(opened.reading, '/rail')).at(-1)).toEqual({ next: expect.any(String), at: 5 });
    const path = `/api/v1/readings/${opened.reading}/records?record=1&follow=1`;
    const response = await live.web.open(path, { as: 'spl_user' });
    let seen = '';
    response.setEncoding('utf8').on('data', (text: string) => (seen += text));
    await live.writer.write(output(6, 'two'));
    await until(() => seen.includes('two'), { what: 'the record as it is written' });
    await live.writer.close();
    await live.end();
    await until(() => response.readableEnded, { what: 'the end of the session' });
    expect(linesOf(seen)).toEqual([
      { next: 1, at: 0 },
      { at: 6, kind: 'output', channel: 0, text: 'two' },
      { next: null, at: 6 },
    ]);
  } finally {
    await live.close();
  }
});

test('a reading ends 15 minutes after its last use, and a login has so many at the most', () => {
  let now = 0;
  const readings = new Readings(() => now);
  const own = viewer('user');
  const add = (id: string, { loginId, userId }: Viewer): void =>
    readings.add({ id, sessionId: rig.session, loginId, owner: userId, replay: undefined as never });
  add('a', own);
  now = 14 * 60_000;
  expect(readings.use(own, 'a')?.id).toBe('a');
  now += 14 * 60_000;
  expect(readings.use(own, 'a')?.id).toBe('a');
  now += 15 * 60_000;
  expect(readings.use(own, 'a')).toBeNull();
  add('other', viewer('other'));
  for (let n = 0; n < 17; n += 1) add(`n${String(n)}`, own);
  expect(readings.use(own, 'n0')).toBeNull();
  expect(readings.use(own, 'n1')?.id).toBe('n1');
  expect(readings.use(viewer('other'), 'other')?.id).toBe('other');
});
