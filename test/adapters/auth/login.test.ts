import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { authRoutes, type Login } from '../../../src/adapters/auth/routes.ts';
import { startTestWeb, type TestWeb, viewer } from '../http/web-kit.ts';

let web: TestWeb;
const calls: unknown[] = [];
const challenges = [{ mechanisms: [{ id: 'm1', name: 'UP', answerType: 'Text' }] }] as const;
const uuid = '22222222-2222-4222-8222-222222222222';
let issued = 0;
const logins = new Map<string, ReturnType<typeof viewer>>();

const application: Login = {
  loginProviders: async () => [{ name: 'local', manner: 'password' }],
  changePassword: async () => ({ ok: true }),
  resetPassword: async () => ({ ok: true }),
  startAuthentication: async (wish) => {
    calls.push(wish);
    return { authenticationId: `authentication-${wish.userName}`, challenges, expiresAt: '2026-01-02T03:04:05.678Z' };
  },
  beginMechanism: async (wish) => {
    calls.push(wish);
    return { status: 'begun', round: 'sealed', redirect: 'https://idp.example/', options: null };
  },
  advanceAuthentication: async (wish) => {
    calls.push(wish);
    if (wish.answer === 'more') return { status: 'next', challenges };
    if (wish.answer !== 'right')
      return { status: 'failed', message: 'User name or password is wrong.', mustChange: false };
    issued += 1;
    const secret = `spl_${issued}`;
    logins.set(secret, viewer('user'));
    return {
      status: 'success',
      login: { loginId: `login-${uuid}`, secret, expiresAt: '2026-01-02T15:04:05.678Z' },
      user: { id: `user-${uuid}`, name: 'user' },
    };
  },
  logout: async ({ loginId }) => {
    calls.push(['logout', loginId]);
    logins.clear();
  },
};

beforeAll(async () => {
  web = await startTestWeb({ routes: authRoutes(application), viewerOf: async (secret) => logins.get(secret) ?? null });
});
beforeEach(() => {
  calls.length = 0;
});
afterAll(async () => web.close());

const answer = (text: string, door?: string, user = 'user') => ({
  authenticationId: `authentication-${user}`,
  mechanismId: 'm1',
  answer: text,
  ...(door === undefined ? {} : { door }),
});

test('start gives the challenges and says where the attempt comes from', async () => {
  const { status, json } = await web.post('/auth/start', { user: 'user', door: 'cli', clientId: 'c1' });
  expect([status, json]).toEqual([
    200,
    { authenticationId: 'authentication-user', challenges, expiresAt: '2026-01-02T03:04:05.678Z' },
  ]);
  expect(calls).toEqual([{ userName: 'user', provider: null, door: 'cli', clientId: 'c1', source: '127.0.0.1' }]);
});

describe('advance', () => {
  test('for the command line: a bearer, and no cookie', async () => {
    const { status, headers, json } = await web.post('/auth/advance', answer('right', 'cli'));
    expect(status).toBe(200);
    expect(json).toEqual({
      status: 'success',
      user: { id: `user-${uuid}`, name: 'user' },
      expiresAt: '2026-01-02T15:04:05.678Z',
      bearer: `spl_${issued}`,
    });
    expect(headers['set-cookie']).toBeUndefined();
    expect((await web.ask('/auth/session', { as: json.bearer as string })).json.user.name).toBe('user');
  });

  test('for a browser: a host cookie no script can read, a new one at each login (A7), and no bearer', async () => {
    const first = await web.post('/auth/advance', answer('right'), undefined, {
      cookie: '__Host-sallyport=spl_planted',
    });
    const second = await web.post('/auth/advance', answer('right', 'web'));
    expect(first.headers['set-cookie']).toEqual([
      `__Host-sallyport=spl_${issued - 1}; Path=/; Secure; HttpOnly; SameSite=Strict`,
    ]);
    expect(second.headers['set-cookie']).toEqual([
      `__Host-sallyport=spl_${issued}; Path=/; Secure; HttpOnly; SameSite=Strict`,
    ]);
    expect(second.body).not.toContain('spl_');
    const cookie = `__Host-sallyport=spl_${issued}`;
    expect((await web.ask('/auth/session', { headers: { cookie } })).status).toBe(200);
    expect((await web.ask('/auth/session', { headers: { cookie: '__Host-sallyport=spl_planted' } })).status).toBe(401);
  });

  test('the next challenge, and failure with 401', async () => {
    expect((await web.post('/auth/advance', answer('more'))).json).toEqual({ status: 'next', challenges });
    const failed = await web.post('/auth/advance', answer('wrong'));
    expect(failed.status).toBe(401);
    expect(failed.json).toEqual({
      status: 'failed',
      mustChange: false,
      errors: [{ code: 'login-failed', message: 'User name or password is wrong.' }],
    });
    expect(failed.headers['set-cookie']).toBeUndefined();
  });
});

test('logout ends the login and clears the cookie; another site cannot ask for it', async () => {
  await web.post('/auth/advance', answer('right'));
  const headers = { cookie: `__Host-sallyport=spl_${issued}` };
  expect(
    (await web.ask('/auth/logout', { method: 'POST', headers: { ...headers, origin: 'https://evil.example' } })).status,
  ).toBe(403);
  expect((await web.ask('/auth/logout', { method: 'POST', headers })).status).toBe(403);
  const done = await web.ask('/auth/logout', {
    method: 'POST',
    headers: { ...headers, 'sec-fetch-site': 'same-origin' },
  });
  expect([done.status, done.headers['set-cookie']]).toEqual([
    204,
    ['__Host-sallyport=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0'],
  ]);
  expect((await web.ask('/auth/session', { headers })).status).toBe(401);
});

test.each([
  ['/auth/start', {}],
  ['/auth/start', { user: 7 }],
  ['/auth/start', { user: 'x'.repeat(257) }],
  ['/auth/start', { user: 'u', door: 'ssh' }],
  ['/auth/start', { user: 'u', admin: true }],
  ['/auth/start', []],
  ['/auth/start', null],
  ['/auth/advance', { authenticationId: 'a', mechanismId: 'm' }],
  ['/auth/advance', { ...answer('right'), answer: ['right'] }],
])('%s refuses %j', async (path, body) => {
  const { status, json } = await web.post(path, body);
  expect([status, json.errors[0].code]).toEqual([400, 'invalid']);
  expect(calls).toEqual([]);
});

test('text that is no JSON, or no UTF-8', async () => {
  const headers = { 'content-type': 'application/json' };
  expect((await web.ask('/auth/start', { method: 'POST', body: '{"user":', headers })).status).toBe(400);
  expect((await web.ask('/auth/start', { method: 'POST', body: '', headers })).status).toBe(400);
});
