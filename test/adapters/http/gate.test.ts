import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SallyportError } from '../../../src/domain/kernel/errors.ts';
import type { PublicRoute, Route } from '../../../src/application/ports/http-route.ts';
import { jsonAnswer } from '../../../src/wire/json-http.ts';
import { startTestWeb, type TestWeb, viewer } from './web-kit.ts';

let web: TestWeb;
const handler: PublicRoute['handler'] = async (request: Request) => jsonAnswer(200, { body: await request.text() });
const failing = (kind: 'unavailable' | 'conflict' | 'internal', code: string): Route => ({
  method: 'GET',
  path: `/fail/${kind}`,
  access: 'public',
  handler: async () => {
    throw new SallyportError(kind, code, 'a reason with a secret?');
  },
});
const routes: readonly Route[] = [
  { method: 'GET', path: '/open', access: 'public', handler },
  { method: 'POST', path: '/open', access: 'public', bodyLimit: 100, handler },
  { method: 'GET', path: '/mine', access: 'viewer', handler },
  { method: 'POST', path: '/mine', access: 'viewer', bodyLimit: 100, handler },
  { method: 'DELETE', path: '/mine', access: 'viewer', handler },
  { method: 'GET', path: '/audit', access: 'auditor', handler },
  { method: 'GET', path: '/admin', access: 'admin', handler },
  {
    method: 'GET',
    path: '/of/:name',
    access: 'public',
    handler: async (_request, { params, source }) => jsonAnswer(200, { params, source }),
  },
  { method: 'GET', path: '/page', access: 'public', page: true, handler },
  { method: 'GET', path: '/pages/*', access: 'public', page: true, handler },
  failing('unavailable', 'log-unavailable'),
  failing('conflict', 'too-much-contention'),
  failing('internal', 'broken'),
  {
    method: 'GET',
    path: '/bug',
    access: 'public',
    handler: async () => {
      throw new Error('spl_secret');
    },
  },
];

beforeAll(async () => {
  web = await startTestWeb({ routes });
});
afterAll(async () => web.close());

describe('deny by default (W3)', () => {
  test.each(['/mine', '/audit', '/admin'])('%s needs a login', async (path) => {
    for (const as of [undefined, '', 'spl_nobody', 'spt_user', 'spl_user x']) {
      const answer = await web.ask(path, as === undefined ? {} : { as });
      expect(answer.status).toBe(401);
      expect(answer.json.errors[0].code).toBe('login-needed');
    }
  });

  test('a route asks for the permission it names', async () => {
    const status = async (path: string, as: string): Promise<number> => (await web.ask(path, { as })).status;
    expect(await status('/mine', 'spl_user')).toBe(200);
    expect(await status('/audit', 'spl_user')).toBe(403);
    expect(await status('/audit', 'spl_operator')).toBe(403);
    expect(await status('/audit', 'spl_auditor')).toBe(200);
    expect(await status('/admin', 'spl_auditor')).toBe(403);
    expect(await status('/admin', 'spl_admin')).toBe(200);
  });

  test('when the login cannot be looked up, nobody is let in', async () => {
    const broken = await startTestWeb({
      routes,
      viewerOf: async () => {
        throw new SallyportError('unavailable', 'view-unavailable', 'the view has fallen over');
      },
    });
    const begun = performance.now();
    expect((await broken.ask('/mine', { as: 'spl_user' })).status).toBe(503);
    expect(performance.now() - begun).toBeLessThan(4_000);
    await broken.close();
  });

  test('a request is a use of its login, and neither a look while its answer lasts nor one that says nobody asked is', async () => {
    const uses: boolean[] = [];
    const lasting: Route = {
      method: 'GET',
      path: '/lasting',
      access: 'viewer',
      handler: async (_request, { viewer: asked, refresh }) =>
        jsonAnswer(200, { still: (await refresh())?.userId === asked.userId }),
    };
    const counting = await startTestWeb({
      routes: [lasting],
      viewerOf: async (_secret, isUse) => {
        uses.push(isUse);
        return viewer('user');
      },
    });
    expect((await counting.ask('/lasting', { as: 'spl_user' })).json).toEqual({ still: true });
    expect(uses).toEqual([true, false]);
    await counting.ask('/lasting', { as: 'spl_user', headers: { 'sallyport-unattended': '1' } });
    expect(uses.slice(2)).toEqual([false, false]);
    await counting.close();
  });

  test.each([
    ['GET', '/nothing'],
    ['HEAD', '/open'],
    ['OPTIONS', '/mine'],
    ['PUT', '/mine'],
    ['TRACE', '/open'],
    ['GET', '/Mine'],
    ['GET', '/open;x=1'],
  ])('%s %s is nothing', async (method, path) => {
    expect((await web.ask(path, { method, as: 'spl_admin' })).status).toBe(404);
  });

  test.each([
    'https://localhost/open',
    'http://127.0.0.1/mine',
    '//open',
    '/open//',
    '/./open',
    '/x/../open',
    '/%2e%2e/open',
    '/of/a%2Fb',
    '/of/a%5cb',
    '/of/\\open',
    '/of/a%00',
    '/of/%ff',
    '/of/%',
    '/open#x',
    '*',
    '/mine/',
  ])('the request target %j has no plain reading', async (path) => {
    expect((await web.ask(path, { as: 'spl_admin' })).status).toBe(400);
  });

  test.each([
    ['/page/', '/page'],
    ['/page/?a=/b&c=//d', '/page?a=/b&c=//d'],
    ['/pages/one/two/', '/pages/one/two'],
  ])('a page with one slash too many, %s, is at %s', async (asked, place) => {
    const { status, headers } = await web.ask(asked);
    expect([status, headers.location]).toEqual([308, place]);
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'cache-control': 'no-store' });
  });

  test.each(['/page//', '//page/', '//evil.example/', '/pages/%2f/', '/pages/../', '/pages/%0d%0aa/', '/page/\\/'])(
    'no page is guessed from %s',
    async (asked) => {
      expect((await web.ask(asked)).status).toBe(400);
    },
  );

  test('a request target of 5,000 characters', async () => {
    expect((await web.ask(`/of/${'a'.repeat(5000)}`)).status).toBe(400);
  });

  test('a part of the path that is too long is no fault of ours, and is answered like the rest', async () => {
    const { status, headers } = await web.ask(`/of/${'a'.repeat(600)}`);
    expect(status).toBe(414);
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(web.warnings).toEqual([]);
  });

  test('a Host header that is none', async () => {
    expect((await web.ask('/open', { headers: { host: 'a/b@c' } })).status).toBe(400);
  });

  test('what the peer says of forwarding is not believed', async () => {
    const headers = {
      'x-forwarded-for': '192.0.2.1',
      'x-real-ip': '192.0.2.1',
      forwarded: 'for=192.0.2.1',
      'x-forwarded-host': 'evil',
    };
    const { json } = await web.ask('/of/a%20%C3%A9', { headers });
    expect(json).toEqual({ params: { name: 'a é' }, source: '127.0.0.1' });
  });
});

describe('bodies (W1)', () => {
  test.each([
    'application/json; charset=utf-8',
    'application/json ',
    'Application/JSON',
    'application/json\t; x',
    'text/plain',
    'application/graphql',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json, text/plain',
  ])('the type %j is not taken', async (type) => {
    const answer = await web.ask('/open', { method: 'POST', body: '{}', headers: { 'content-type': type } });
    // Node strips blanks around a header's value before anybody sees it.
    expect(answer.status).toBe(type.trim() === 'application/json' ? 200 : 415);
  });

  test('no type, or two of them', async () => {
    expect((await web.ask('/open', { method: 'POST', body: '{}' })).status).toBe(415);
    expect((await web.ask('/mine', { method: 'DELETE', body: '{}', as: 'spl_user' })).status).toBe(415);
    expect(
      (await web.ask('/open', { method: 'GET', body: '{}', headers: { 'content-type': 'application/json' } })).status,
    ).toBe(415);
  });

  test('at most so many bytes as the route says, said or sent', async () => {
    expect((await web.post('/open', 'x'.repeat(98))).status).toBe(200);
    expect((await web.post('/open', 'x'.repeat(99))).status).toBe(413);
    const chunked = await web.ask('/open', {
      method: 'POST',
      body: 'x'.repeat(50),
      headers: { 'content-type': 'application/json', 'content-length': '5000000' },
    });
    expect(chunked.status).toBe(413);
  });

  test('headers that are too long', async () => {
    expect((await web.ask('/open', { headers: { 'x-long': 'x'.repeat(20_000) } })).status).toBe(431);
  });
});

describe('another site (CSRF)', () => {
  const cookie = '__Host-sallyport=spl_user';
  const own = (): string => `https://127.0.0.1:${web.server.port}`;
  const post = async (headers: Record<string, string>): Promise<number> =>
    (await web.post('/mine', {}, undefined, headers)).status;

  test('with the cookie a change needs to be shown as coming from this site', async () => {
    expect(await post({ cookie })).toBe(403);
    expect(await post({ cookie, origin: own() })).toBe(200);
    expect(await post({ cookie, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await post({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await post({ cookie, origin: 'null' })).toBe(403);
    expect(await post({ cookie, origin: own(), 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await post({ cookie, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect((await web.ask('/mine', { method: 'DELETE', headers: { cookie } })).status).toBe(403);
  });

  test('reading needs the cookie only; a bearer is enough for a change', async () => {
    expect((await web.ask('/mine', { headers: { cookie: `a=b; ${cookie}` } })).status).toBe(200);
    expect((await web.post('/mine', {}, 'spl_user')).status).toBe(200);
    expect((await web.post('/mine', {}, 'spl_user', { origin: 'https://evil.example' })).status).toBe(403);
  });

  test('two cookies of that name, or a wrong bearer beside a right cookie, are no login', async () => {
    expect((await web.ask('/mine', { headers: { cookie: `${cookie}; __Host-sallyport=spl_admin` } })).status).toBe(401);
    expect((await web.ask('/mine', { as: 'spl_wrong', headers: { cookie } })).status).toBe(401);
    expect((await web.ask('/mine', { headers: { cookie, authorization: 'Basic dTpw' } })).status).toBe(401);
  });

  test('a login from another site is refused too', async () => {
    expect((await web.post('/open', {}, undefined, { origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('answers', () => {
  test.each(['/open', '/mine', '/nothing', '/fail/unavailable', '/bug'])(
    '%s carries the security headers',
    async (path) => {
      const { headers } = await web.ask(path);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['strict-transport-security']).toBeUndefined();
    },
  );

  test('a name of its own is pinned to TLS', async () => {
    const { headers } = await web.ask('/open', { headers: { host: 'sallyport.example:8443' } });
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });

  test('errors have the status of their kind, and our faults keep their detail inside', async () => {
    expect(await web.ask('/fail/unavailable')).toMatchObject({
      status: 503,
      json: { errors: [{ code: 'log-unavailable' }] },
    });
    expect((await web.ask('/fail/conflict')).status).toBe(409);
    for (const path of ['/fail/internal', '/bug']) {
      const { status, body } = await web.ask(path);
      expect(status).toBe(500);
      expect(body).not.toContain('secret');
    }
    expect(web.warnings).toContainEqual(new Error('spl_secret'));
  });
});
