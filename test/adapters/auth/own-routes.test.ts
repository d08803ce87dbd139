import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ownRoutes } from '../../../src/adapters/auth/own-routes.ts';
import { startTestWeb, type TestWeb } from '../http/web-kit.ts';

const uuid = '22222222-2222-4222-8222-222222222222';
const identityId = `identity-${'a'.repeat(64)}` as const;
const calls: unknown[] = [];
const noted = <T>(name: string, answer: T) => {
  return async (_viewer: unknown, ...wish: readonly unknown[]): Promise<T> => {
    calls.push([name, ...wish]);
    return answer;
  };
};
const started = {
  ok: true,
  authenticationId: `authentication-${uuid}`,
  challenges: [],
  expiresAt: '2026-01-02T03:04:05.678Z',
} as const;
const denied = { ok: false, errors: [{ code: 'denied', message: 'no' }] } as const;

let web: TestWeb;
beforeAll(async () => {
  const routes = ownRoutes(
    {
      startFreshFactor: noted('fresh-factor', started),
      startLink: noted('link', started),
      ownLogins: noted('logins', []),
      closeLogin: noted('close', { ok: true } as const),
      closeEverything: noted('everything', undefined),
      ownIdentities: noted('identities', []),
      unlinkIdentity: noted('unlink', denied),
      providerLogout: noted('provider-logout', 'https://idp.test/logout'),
      offerPasswordReset: noted('reset-link', { ok: true, link: 'spr_x', expiresAt: 'then' } as const),
    },
    'https://sallyport.example',
  );
  web = await startTestWeb({ routes });
});
beforeEach(() => {
  calls.length = 0;
});
afterAll(async () => web.close());

test.each([
  [
    'POST',
    '/auth/fresh-factor',
    { door: 'cli' },
    200,
    ['fresh-factor', { for: 'pass', door: 'cli', source: '127.0.0.1' }],
  ],
  [
    'POST',
    '/auth/link',
    { provider: 'corp' },
    200,
    ['link', { provider: 'corp', userName: null, door: 'web', source: '127.0.0.1' }],
  ],
  ['GET', '/auth/logins', undefined, 200, ['logins']],
  ['DELETE', `/auth/logins/login-${uuid}`, undefined, 204, ['close', `login-${uuid}`]],
  ['POST', '/auth/logout-everywhere', { exceptThis: true }, 204, ['everything', true]],
  ['POST', '/auth/logout-everywhere', {}, 204, ['everything', false]],
  ['GET', '/auth/provider-logout', undefined, 200, ['provider-logout']],
  ['GET', '/auth/identities', undefined, 200, ['identities']],
  ['DELETE', `/auth/identities/${identityId}`, undefined, 403, ['unlink', identityId]],
] as const)('%s %s', async (method, path, body, status, call) => {
  const answer = await (body === undefined
    ? web.ask(path, { method, as: 'spl_user' })
    : web.post(path, body, 'spl_user'));
  expect(answer.status).toBe(status);
  expect(calls).toEqual([call]);
});

test('an id of another kind is absent, and reaches nothing', async () => {
  for (const path of [`/auth/logins/token-${uuid}`, '/auth/identities/x']) {
    expect((await web.ask(path, { method: 'DELETE', as: 'spl_user' })).status).toBe(404);
  }
  expect(calls).toEqual([]);
});

test('administrators alone ask for a link to set a password', async () => {
  const ask = (secret: string) => web.post('/auth/reset-link', { user: 'ann' }, secret);
  expect((await ask('spl_user')).status).toBe(403);
  expect(calls).toEqual([]);
  const { status, json } = await ask('spl_admin');
  expect(status).toBe(200);
  // At the address of people's browsers, wherever the administrator asks.
  expect(json).toEqual({ link: 'spr_x', expiresAt: 'then', url: 'https://sallyport.example/auth/reset?link=spr_x' });
  expect(calls).toEqual([['reset-link', 'ann']]);
});
