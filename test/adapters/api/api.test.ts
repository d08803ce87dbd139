import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { apiRoutes } from '../../../src/adapters/api/routes.ts';
import type { Application, Refused } from '../../../src/application/ports/application-face.ts';
import { until } from '../../kit/until.ts';
import { logins, startTestWeb, type TestWeb, viewer } from '../http/web-kit.ts';

let web: TestWeb;
const calls: unknown[] = [];
const refused = (code: string): Refused => ({ ok: false, errors: [{ code, message: `because ${code}` }] });
const session = 'session-33333333-3333-4333-8333-333333333333';
let lines: AsyncIterable<string>;

const application: Pick<Application, 'applyResources' | 'getResources' | 'deleteResource' | 'readRecording' | 'reach'> =
  {
    applyResources: async (viewer, text, options) => {
      calls.push([viewer.userName, text.length, options]);
      if (text === 'wrong')
        return { ok: false, errors: [{ code: 'unknown-kind', message: 'no such kind', line: 4, column: 3 }] };
      return { ok: true, results: [{ kind: 'User', name: 'alice', change: 'created' }], warnings: ['mind the gap'] };
    },
    getResources: async (_viewer, kind, name) => {
      calls.push([kind, name]);
      if (name === 'absent' || name === 'denied') return refused(name);
      return {
        ok: true,
        resources: [{ apiVersion: 'sallyport/v1', kind, metadata: { name: name ?? 'all', labels: {} }, spec: {} }],
      };
    },
    deleteResource: async (_viewer, kind, name) => {
      calls.push(['delete', kind, name]);
      return name === 'used' ? refused('still-used') : { ok: true, results: [{ kind, name, change: 'deleted' }] };
    },
    readRecording: async (viewer, sessionId, manner, format) => {
      calls.push([viewer.userName, sessionId, manner, format]);
      return viewer.permissions.includes('audit') ? { ok: true, lines } : refused('denied');
    },
    reach: async () => [
      {
        ...{ accountId: 'account-1', targetId: 'target-1', target: 'web-1', account: 'root', protocol: 'ssh' },
        ...{ login: 'alice~root~web-1', allowed: true, reason: null, advice: null, asks: null },
        ...{ recording: 'required', labels: {} },
      },
    ],
  };

beforeAll(async () => {
  web = await startTestWeb({ routes: apiRoutes(application, { ssh: 2222, postgres: null }) });
});
beforeEach(() => {
  calls.length = 0;
});
afterAll(async () => web.close());

test('apply gives what changed, or every error with its place; a megabyte is the most', async () => {
  const done = await web.post('/api/v1/apply', { documents: 'kind: User', setSecrets: true }, 'spl_admin');
  const results = [{ kind: 'User', name: 'alice', change: 'created' }];
  expect([done.status, done.json]).toEqual([200, { results, warnings: ['mind the gap'] }]);
  expect(calls).toEqual([['admin', 10, { setSecrets: true }]]);
  const wrong = await web.post('/api/v1/apply', { documents: 'wrong' }, 'spl_admin');
  expect([wrong.status, wrong.json]).toEqual([
    422,
    { errors: [{ code: 'unknown-kind', message: 'no such kind', line: 4, column: 3 }] },
  ]);
  expect((await web.post('/api/v1/apply', { documents: 'x'.repeat(1_000_000) }, 'spl_admin')).status).toBe(200);
  expect((await web.post('/api/v1/apply', { documents: 'x'.repeat(1_048_576) }, 'spl_admin')).status).toBe(413);
});

test.each([{}, { documents: 7 }, { documents: 'x', setSecrets: 'yes' }, { documents: 'x', force: true }, ['x']])(
  'apply refuses %j',
  async (body) => {
    expect((await web.post('/api/v1/apply', body, 'spl_admin')).status).toBe(400);
    expect(calls).toEqual([]);
  },
);

test('resources are for administrators', async () => {
  for (const as of ['spl_user', 'spl_auditor', 'spl_operator']) {
    expect((await web.post('/api/v1/apply', { documents: 'x' }, as)).status).toBe(403);
    expect((await web.ask('/api/v1/resources/User', { as })).status).toBe(403);
    expect((await web.ask('/api/v1/resources/User?name=alice', { method: 'DELETE', as })).status).toBe(403);
  }
  expect(calls).toEqual([]);
});

test('get and delete, by kind and name; refusals have their status', async () => {
  const as = 'spl_admin';
  expect((await web.ask('/api/v1/resources/User', { as })).json.resources[0].metadata.name).toBe('all');
  expect((await web.ask('/api/v1/resources/User?name=a%20b%40c', { as })).json.resources[0].metadata.name).toBe(
    'a b@c',
  );
  expect((await web.ask('/api/v1/resources/User?name=absent', { as })).status).toBe(404);
  expect((await web.ask('/api/v1/resources/User?name=denied', { as })).status).toBe(403);
  for (const name of ['a/b', '..', 'a+b', 'é\\']) {
    const path = `/api/v1/resources/User?${new URLSearchParams({ name }).toString()}`;
    expect((await web.ask(path, { as })).json.resources[0].metadata.name).toBe(name);
  }
  expect((await web.ask('/api/v1/resources/User', { method: 'DELETE', as })).status).toBe(400);
  const gone = await web.ask('/api/v1/resources/User?name=alice', { method: 'DELETE', as });
  expect([gone.status, gone.json]).toEqual([200, { results: [{ kind: 'User', name: 'alice', change: 'deleted' }] }]);
  const used = await web.ask('/api/v1/resources/Target?name=used', { method: 'DELETE', as });
  expect([used.status, used.json.errors[0].code]).toEqual([422, 'still-used']);
});

test('reach is for everybody who is logged in', async () => {
  const { json } = await web.ask('/api/v1/reach', { as: 'spl_user' });
  expect([json.reach.length, json.ports]).toEqual([1, { ssh: 2222, postgres: null }]);
  expect((await web.ask('/api/v1/reach')).status).toBe(401);
});

test('a recording: the lines, by format and manner', async () => {
  lines = (async function* () {
    yield '{"version":2}';
    yield '[0.1,"o","é"]';
  })();
  const answer = await web.ask(`/api/v1/recordings/${session}?as=jsonl&manner=play`, { as: 'spl_auditor' });
  expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([
    200,
    'application/x-ndjson',
    '{"version":2}\n[0.1,"o","é"]\n',
  ]);
  expect(calls).toEqual([['audit', session, 'play', 'jsonl']]);
});

test('a recording that is not theirs, an id or value that is none (K1)', async () => {
  expect((await web.ask(`/api/v1/recordings/${session}`, { as: 'spl_user' })).status).toBe(403);
  for (const path of [
    'session-1',
    'token-33333333-3333-4333-8333-333333333333',
    `${session}?as=mp4`,
    `${session}?manner=delete`,
  ]) {
    expect((await web.ask(`/api/v1/recordings/${path}`, { as: 'spl_auditor' })).status).toBe(400);
  }
});

test('following sends each line as it comes, and ends the source when the reader goes', async () => {
  let ended = false;
  const more = Promise.withResolvers<string>();
  lines = (async function* () {
    try {
      yield 'first';
      yield await more.promise;
      for (let n = 0; ; n += 1) yield 'x'.repeat(10_000);
    } finally {
      ended = true;
    }
  })();
  const response = await web.open(`/api/v1/recordings/${session}?manner=follow`, { as: 'spl_auditor' });
  expect(response.headers['content-type']).toBe('application/x-asciicast');
  const seen: string[] = [];
  const reader = createInterface({ input: response }).on('error', () => {});
  reader.on('line', (line) => {
    if (seen.length < 2) seen.push(line);
    else response.destroy();
  });
  response.on('error', () => {});
  await until(() => seen.length === 1, { what: 'the first line' });
  more.resolve('second');
  await until(() => ended, { what: 'the source to end' });
  expect(seen).toEqual(['first', 'second']);
});

test.each([
  ['the login ends', null],
  ['it may no longer audit', viewer('passin')],
])('following ends within a second or so when %s (L5)', async (_what, now) => {
  logins.set('spl_passing', viewer('passin', 'audit'));
  let given = 0;
  lines = (async function* () {
    for (; given < 1_000; given += 1) {
      yield 'line';
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const response = await web.open(`/api/v1/recordings/${session}?manner=follow`, { as: 'spl_passing' });
  response.on('error', () => undefined).resume();
  await until(() => given > 0, { what: 'the first line' });
  if (now === null) logins.delete('spl_passing');
  else logins.set('spl_passing', now);
  await until(() => response.destroyed, { what: 'the end of the answer', deadlineMs: 30_000 });
  expect(response.complete).toBe(false);
  expect(given).toBeLessThan(500);
  logins.delete('spl_passing');
});

test('a recording that breaks off cuts the connection', async () => {
  lines = (async function* () {
    for (let n = 0; n < 20; n += 1) yield 'x'.repeat(50_000);
    throw new Error('chunk damaged');
  })();
  await expect(web.ask(`/api/v1/recordings/${session}`, { as: 'spl_auditor' })).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
});
