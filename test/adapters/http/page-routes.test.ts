import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SallyportError } from '../../../src/domain/kernel/errors.ts';
import type { Route } from '../../../src/application/ports/http-route.ts';
import { html } from '../../../src/wire/html/html.ts';
import { pageAnswer } from '../../../src/wire/html/page.ts';
import { type Answer, startTestWeb, type TestWeb } from './web-kit.ts';

let web: TestWeb;
const shown: Route['handler'] = async () => pageAnswer({ title: 'Shown', body: html`<p>shown</p>` });
const echo = async (request: Request): Promise<Response> => new Response(await request.text());
const routes: readonly Route[] = [
  { method: 'GET', path: '/auth/account', access: 'viewer', page: true, handler: shown },
  { method: 'GET', path: '/auth/device', access: 'viewer', page: true, handler: shown },
  { method: 'GET', path: '/page', access: 'admin', page: true, handler: shown },
  { method: 'POST', path: '/form', access: 'public', page: true, body: 'form', bodyLimit: 100, handler: echo },
  { method: 'POST', path: '/own', access: 'viewer', page: true, body: 'form', bodyLimit: 100, handler: echo },
  {
    method: 'POST',
    path: '/saml',
    access: 'public',
    page: true,
    body: 'form',
    bodyLimit: 100,
    fromElsewhere: true,
    handler: echo,
  },
  // What only a public route may do.
  {
    method: 'POST',
    path: '/mine',
    access: 'viewer',
    body: 'form',
    bodyLimit: 100,
    fromElsewhere: true,
    handler: echo,
  },
  {
    method: 'GET',
    path: '/fails',
    access: 'public',
    page: true,
    handler: async () => {
      throw new SallyportError('unavailable', 'away', 'The directory <away> does not answer.');
    },
  },
];

beforeAll(async () => {
  web = await startTestWeb({ routes });
});
afterAll(async () => web.close());

const cookie = '__Host-sallyport=spl_user';
const own = (): string => `https://127.0.0.1:${web.server.port}`;
const send = async (path: string, headers: Record<string, string>, body = 'a=1'): Promise<Answer> =>
  web.ask(path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });

describe('a form', () => {
  test('comes from a page of this site, and says so even without a login', async () => {
    expect((await send('/form', { origin: own() })).body).toBe('a=1');
    expect((await send('/form', { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    for (const headers of [
      {},
      { origin: 'null' },
      { origin: 'https://evil.example' },
      { origin: own(), 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ]) {
      expect((await send('/form', headers)).status, JSON.stringify(headers)).toBe(403);
    }
  });

  test('has the type of a form and nothing else (W1)', async () => {
    for (const type of [
      'application/json',
      'application/x-www-form-urlencoded; charset=utf-8',
      'Application/X-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
    ]) {
      expect((await send('/form', { origin: own(), 'content-type': type })).status, type).toBe(415);
    }
    expect((await web.post('/own', {}, 'spl_user', { origin: own() })).status).toBe(415);
  });

  test('has at most so many bytes as its route says', async () => {
    expect((await send('/form', { origin: own() }, 'a'.repeat(100))).status).toBe(200);
    expect((await send('/form', { origin: own() }, 'a'.repeat(101))).status).toBe(413);
    expect((await send('/saml', { origin: 'https://idp.example' }, 'a'.repeat(101))).status).toBe(413);
  });

  test('may come from another site only where the route says so, and never with a login', async () => {
    const foreign = { origin: 'https://idp.example', 'sec-fetch-site': 'cross-site', cookie };
    expect((await send('/saml', foreign)).status).toBe(200);
    expect((await send('/mine', foreign)).status).toBe(403);
    expect((await send('/own', foreign)).status).toBe(403);
    expect((await send('/own', { cookie, origin: own() })).status).toBe(200);
  });
});

describe('a page', () => {
  test('leads somebody without a login to the login page, and back only to what is on the list', async () => {
    const lead = async (path: string): Promise<unknown> => {
      const { status, headers } = await web.ask(path);
      return [status, headers.location];
    };
    expect(await lead('/auth/account')).toEqual([303, '/auth/login?to=account']);
    expect(await lead('/auth/account?x=https://evil.example')).toEqual([303, '/auth/login?to=account']);
    expect(await lead('/auth/device?user_code=BCDF-GHJK&x=1')).toEqual([
      303,
      '/auth/login?to=device&user_code=BCDF-GHJK',
    ]);
    expect(await lead('/page')).toEqual([303, '/auth/login']);
    const posted = await send('/own', { origin: own() });
    expect([posted.status, posted.headers.location]).toEqual([303, '/auth/login']);
  });

  test('says its refusals and errors as a page, under the same status', async () => {
    const denied = await web.ask('/page', { as: 'spl_user' });
    expect(denied.status).toBe(403);
    expect(denied.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(denied.body).toContain('Your roles do not permit this.');
    const failed = await web.ask('/fails');
    expect([failed.status, failed.headers['retry-after']]).toEqual([503, '1']);
    expect(failed.body).toContain('The directory &lt;away&gt; does not answer.');
    expect((await send('/form', { origin: own() }, 'a'.repeat(101))).body).toContain('<h1>');
  });

  test('carries the security headers, and a referrer for this site alone so that its forms can show their origin', async () => {
    for (const path of ['/auth/account', '/fails']) {
      const { headers } = await web.ask(path, { as: 'spl_user' });
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      });
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });
});
