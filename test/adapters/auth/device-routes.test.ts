import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deviceRoutes } from '../../../src/adapters/auth/device-routes.ts';
import type { DeviceFlow, GrantOutcome } from '../../../src/application/ports/device-grants.ts';
import { startTestWeb, type TestWeb } from '../http/web-kit.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
let web: TestWeb;
let outcome: GrantOutcome;
const calls: unknown[] = [];

const flow: Pick<DeviceFlow, 'begin' | 'redeem'> = {
  begin: async (asked) => {
    calls.push(asked);
    return { deviceCode: 'dc', userCode: 'BCDF-GHJK', expiresInSeconds: 600, intervalSeconds: 2 };
  },
  redeem: async (deviceCode) => {
    calls.push(deviceCode);
    return outcome;
  },
};

beforeAll(async () => {
  web = await startTestWeb({ routes: deviceRoutes(flow, 'https://sallyport.example'), viewerOf: async () => null });
});
beforeEach(() => {
  calls.length = 0;
  outcome = { ok: false, error: 'authorization_pending' };
});
afterAll(async () => web.close());

const form = async (path: string, body: string, type = 'application/x-www-form-urlencoded') =>
  web.ask(path, { method: 'POST', body, headers: { 'content-type': type } });
const poll = `grant_type=${encodeURIComponent(grantType)}&device_code=dc&client_id=laptop`;

test('a program gets a code for itself and one for people, with the page to type it in', async () => {
  const { status, json, headers } = await form('/auth/device_authorization', 'client_id=my%1b%20laptop&scope=all');
  expect(status).toBe(200);
  expect(json).toEqual({
    device_code: 'dc',
    user_code: 'BCDF-GHJK',
    verification_uri: 'https://sallyport.example/auth/device',
    verification_uri_complete: 'https://sallyport.example/auth/device?user_code=BCDF-GHJK',
    expires_in: 600,
    interval: 2,
  });
  expect(headers['cache-control']).toContain('no-store');
  expect(calls).toEqual([
    { door: 'cli', client: 'my\\u{1b} laptop', source: '127.0.0.1', userName: null, target: null },
  ]);
});

test.each(['authorization_pending', 'slow_down', 'access_denied', 'expired_token', 'invalid_grant'] as const)(
  'a poll is told %s',
  async (error) => {
    outcome = { ok: false, error };
    const { status, json } = await form('/auth/token', poll);
    expect([status, json.error, json.errors[0].code]).toEqual([400, error, error]);
    expect(calls).toEqual(['dc']);
  },
);

test('a poll gets the bearer once it is granted', async () => {
  const passId = 'login-22222222-2222-4222-8222-222222222222';
  outcome = { ok: true, secret: 'spl_s', passId, expiresAt: '2026-01-02T03:04:05.678Z', userName: 'ann' };
  const { status, json, headers } = await form('/auth/token', poll);
  expect([status, json]).toEqual([
    200,
    { access_token: 'spl_s', token_type: 'Bearer', expires_at: '2026-01-02T03:04:05.678Z', user: { name: 'ann' } },
  ]);
  expect(headers['cache-control']).toContain('no-store');
});

test.each([
  ['/auth/device_authorization', '', 'invalid_request'],
  ['/auth/device_authorization', 'client_id=', 'invalid_request'],
  ['/auth/device_authorization', 'client_id=a&client_id=b', 'invalid_request'],
  ['/auth/device_authorization', `client_id=${'x'.repeat(101)}`, 'invalid_request'],
  ['/auth/token', '', 'invalid_request'],
  ['/auth/token', poll.replace('&client_id=laptop', ''), 'invalid_request'],
  ['/auth/token', poll.replace('&device_code=dc', ''), 'invalid_request'],
  ['/auth/token', `${poll}&device_code=dd`, 'invalid_request'],
  ['/auth/token', 'grant_type=password&username=a&password=b', 'unsupported_grant_type'],
])('%s refuses %j as %s', async (path, body, error) => {
  const { status, json } = await form(path, body);
  expect([status, json.error]).toEqual([400, error]);
  expect(calls).toEqual([]);
});

test('a page of another site asks for nothing here', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' };
  for (const path of ['/auth/token', '/auth/device_authorization']) {
    expect((await web.ask(path, { method: 'POST', body: 'client_id=a', headers })).status).toBe(403);
  }
  expect(calls).toEqual([]);
});

test('nothing but a form is taken', async () => {
  for (const path of ['/auth/token', '/auth/device_authorization']) {
    expect((await form(path, '{"client_id":"laptop"}', 'application/json')).status).toBe(415);
    expect((await form(path, `client_id=${'x'.repeat(5_000)}`)).status).toBe(413);
  }
  expect(calls).toEqual([]);
});
