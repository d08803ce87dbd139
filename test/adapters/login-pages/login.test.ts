import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cookiesOf, ids, type ScriptedPages, sendForm, startPages } from './pages-kit.ts';

let pages: ScriptedPages;
beforeAll(async () => {
  pages = await startPages();
});
beforeEach(() => {
  pages.calls.length = 0;
});
afterAll(async () => pages.web.close());

const logIn = async (fields: Readonly<Record<string, string>>, cookie = '') =>
  sendForm(pages.web, '/auth/login', { user: 'ann', password: 'right', provider: 'local', ...fields }, cookie);
const get = async (path: string, cookie = '') => pages.web.ask(path, { headers: { cookie } });
const pendingFlags = /^__Host-sallyport-pending=[\w-]+; Path=\/; Secure; HttpOnly; SameSite=None; Max-Age=600$/;

describe('name and password', () => {
  test('open a login under a new secret, whatever cookie the browser had (A7), and lead to the account', async () => {
    const answer = await logIn({}, '__Host-sallyport=spl_planted');
    expect([answer.status, answer.headers.location]).toEqual([303, '/ui']);
    const [login, cleared] = answer.headers['set-cookie'] ?? [];
    expect(login).toMatch(/^__Host-sallyport=spl_\d+; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    expect(cleared).toContain('__Host-sallyport-pending=; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=0');
    expect(pages.calls).toEqual([
      ['start', { userName: 'ann', provider: 'local', door: 'web', clientId: null, source: '127.0.0.1' }],
      [
        'advance',
        {
          authenticationId: ids.authentication,
          mechanismId: 'm-UP',
          answer: 'right',
          round: null,
          source: '127.0.0.1',
        },
      ],
    ]);
  });

  test('that are wrong show the form again with the name, and nothing of the password', async () => {
    const answer = await logIn({ user: '"><script>', password: 'wr0ng-secret' });
    expect(answer.status).toBe(401);
    expect(answer.body).toContain('User name or password is wrong &lt;here&gt;.');
    expect(answer.body).toContain('value="&quot;&gt;&lt;script&gt;"');
    expect(answer.body).not.toContain('wr0ng-secret');
    expect(cookiesOf(answer)).not.toContain('spl_');
  });

  test.each<[fields: Record<string, string>, location: string]>([
    [{ to: 'account' }, '/auth/account'],
    [{ to: '/ui/sessions/session-1?t=12.5&live=true' }, '/ui/sessions/session-1?t=12.5&live=true'],
    ...[
      'https://evil.example',
      '//evil.example',
      '/graphql',
      '/ui/../graphql',
      '/uix',
      '/ui//evil.example',
      '/ui?\n',
      '/ui/a"b',
    ].map((to): [Record<string, string>, string] => [{ to }, '/ui']),
    [{ to: 'device' }, '/auth/device'],
    [{ to: 'device', user_code: 'BCDF-GHJK' }, '/auth/device?user_code=BCDF-GHJK'],
    [{ to: 'device', user_code: 'bcdf ghjk' }, '/auth/device?user_code=BCDF-GHJK'],
    [{ to: 'device', user_code: 'BCDF-GHJK&x=1' }, '/auth/device'],
    [{ to: 'device', user_code: '\r\nset-cookie: a=b' }, '/auth/device'],
  ])('lead to an own page and nowhere else: %j', async (fields, location) => {
    expect((await logIn(fields)).headers.location).toBe(location);
  });

  test('are taken from a form of this site alone, and nothing is asked of the application otherwise', async () => {
    const fields = { user: 'ann', password: 'right', provider: 'local' };
    for (const origin of ['https://evil.example', 'null']) {
      expect((await sendForm(pages.web, '/auth/login', fields, '', origin)).status).toBe(403);
    }
    expect((await logIn({ more: 'x' })).status).toBe(400);
    expect((await logIn({ user: 'x'.repeat(257) })).status).toBe(400);
    expect(pages.calls).toEqual([]);
  });

  test('the page names every provider and offers a choice of where a name belongs', async () => {
    const { body, headers } = await get('/auth/login');
    expect(body).toContain('<label for="user">User name</label>');
    expect(body).toContain('autocomplete="current-password"');
    expect(body).toContain('Continue with keycloak');
    expect(body).not.toContain('<script');
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('the next challenge', () => {
  test('belongs to the browser that began, and to no other', async () => {
    const first = await logIn({ password: 'more' });
    expect([first.status, first.headers.location]).toEqual([303, '/auth/step']);
    expect(first.headers['set-cookie']).toEqual([expect.stringMatching(pendingFlags)]);
    const cookie = cookiesOf(first);
    expect(cookie).not.toContain(ids.authentication);
    const shown = await get('/auth/step', cookie);
    expect(shown.body).toContain('autocomplete="one-time-code"');
    expect(shown.body).toContain('recovery code');

    expect((await get('/auth/step')).status).toBe(400);
    const fields = { mechanism: 'm-OATH', answer: 'right' };
    expect((await sendForm(pages.web, '/auth/step', fields)).status).toBe(400);
    expect((await sendForm(pages.web, '/auth/step', fields, `${cookie}; ${cookie}`)).status).toBe(400);
    expect((await sendForm(pages.web, '/auth/step', fields, `${cookie.slice(0, -2)}xx`)).status).toBe(400);
    pages.calls.length = 0;
    const done = await sendForm(pages.web, '/auth/step', fields, cookie);
    expect([done.status, done.headers.location]).toEqual([303, '/ui']);
    expect(pages.calls).toEqual([
      ['advance', expect.objectContaining({ mechanismId: 'm-OATH', answer: 'right', round: null })],
    ]);
  });

  test('a security key: its options are data of the page, and the answer goes with the round that was begun', async () => {
    const cookie = cookiesOf(await logIn({ password: 'more' }));
    const page = await sendForm(pages.web, '/auth/step/begin', { mechanism: 'm-WebAuthn' }, cookie);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.body).toContain('data-options="{&quot;challenge&quot;:&quot;AAAA&quot;');
    expect(page.body).toContain('<noscript>');
    const begun = cookiesOf(page);
    pages.calls.length = 0;
    await sendForm(pages.web, '/auth/step', { mechanism: 'm-WebAuthn', answer: 'right' }, begun);
    await sendForm(pages.web, '/auth/step', { mechanism: 'm-OATH', answer: 'right' }, begun);
    expect(pages.calls.map((call) => (call as [string, { round: string | null }])[1].round)).toEqual(['round-2', null]);
  });

  test('a login that must change its password goes on with a new one', async () => {
    const first = await logIn({ password: 'change' });
    expect(first.headers.location).toBe('/auth/new-password');
    const cookie = cookiesOf(first);
    expect((await get('/auth/new-password', cookie)).body).toContain('autocomplete="new-password"');
    const differing = await sendForm(pages.web, '/auth/new-password', { password: 'one', again: 'two' }, cookie);
    expect([differing.status, differing.body.includes('not the same')]).toEqual([422, true]);
    pages.calls.length = 0;
    const done = await sendForm(pages.web, '/auth/new-password', { password: 'one', again: 'one' }, cookie);
    expect(done.headers.location).toBe('/auth/login?done=password&to=%2Fui');
    expect(pages.calls).toEqual([['change-password', { authenticationId: ids.authentication, password: 'one' }]]);
    // A cookie of one kind is good for nothing else.
    const elsewhere = await sendForm(pages.web, '/auth/reset', { password: 'one', again: 'two' }, cookie);
    expect(elsewhere.status).toBe(400);
    expect((await get('/auth/step', cookie)).status).toBe(400);
    expect((await get('/auth/reset', cookie)).status).toBe(400);
  });
});

test.each([
  [{ to: 'device', user_code: 'BCDF-GHJK' }, '/auth/login?done=password&to=device&user_code=BCDF-GHJK'],
  [{ to: 'device' }, '/auth/login?done=password&to=device'],
  [{ to: 'account' }, '/auth/login?done=password&to=account'],
  [{}, '/auth/login?done=password&to=%2Fui'],
])('a password changed on the way leads to where the login was to lead: %j', async (fields, location) => {
  const first = await logIn({ password: 'change', ...fields });
  const chosen = { password: 'one', again: 'one' };
  const done = await sendForm(pages.web, '/auth/new-password', chosen, cookiesOf(first));
  expect(done.headers.location).toBe(location);
});

test('what a browser keeps of a login is good for ten minutes', async () => {
  const status = async (until: number): Promise<number> => {
    const kept = pages.sealing.seal('pending-cookie', JSON.stringify({ kind: 'reset', link: 'spr_x', until }));
    return (await get('/auth/reset', `__Host-sallyport-pending=${kept}`)).status;
  };
  expect([await status(Date.now() + 60_000), await status(Date.now() - 1)]).toEqual([200, 400]);
});

test('a field that is there twice, and what is no UTF-8, are no form of ours', async () => {
  const send = async (body: string): Promise<number> => {
    const origin = `https://127.0.0.1:${pages.web.server.port}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin };
    return (await pages.web.ask('/auth/login', { method: 'POST', body, headers })).status;
  };
  expect(await send('provider=local&user=ann&password=right')).toBe(303);
  expect(await send('provider=local&user=ann&user=bea&password=right')).toBe(400);
  expect(await send('provider=local&user=ann&password=%ff')).toBe(400);
});

describe('a reset link', () => {
  test('leaves the address at once, and is told to nobody', async () => {
    const first = await get('/auth/reset?link=spr_secret');
    expect([first.status, first.headers.location]).toEqual([303, '/auth/reset']);
    expect(first.headers['referrer-policy']).toBe('no-referrer');
    const cookie = cookiesOf(first);
    expect(cookie).not.toContain('spr_');
    const form = await get('/auth/reset', cookie);
    expect(form.body).not.toContain('spr_');
    const done = await sendForm(pages.web, '/auth/reset', { password: 'new', again: 'new' }, cookie);
    expect(done.headers.location).toBe('/auth/login?done=password&to=%2Fui');
    expect(cookiesOf(done)).toBe('__Host-sallyport-pending=');
    const wish: Readonly<Record<string, string>> = { link: 'spr_secret', password: 'new' };
    expect(pages.calls).toEqual([['reset-password', wish]]);
    expect((await get('/auth/reset')).status).toBe(400);
  });

  test('as a picture or frame of some page takes the place of nothing that this browser has pending', async () => {
    for (const [kind, status] of [
      ['image', 400],
      ['iframe', 400],
      ['document', 303],
    ] as const) {
      const answer = await pages.web.ask('/auth/reset?link=spr_x', { headers: { 'sec-fetch-dest': kind } });
      expect([kind, answer.status, answer.headers['set-cookie'] !== undefined]).toEqual([kind, status, status === 303]);
    }
  });
});

describe('a provider in the browser', () => {
  const go = async (cookie = ''): Promise<string> =>
    cookiesOf(await sendForm(pages.web, '/auth/login', { provider: 'keycloak' }, cookie));

  test('is gone to by a page that leads on, and nothing typed goes along', async () => {
    const answer = await sendForm(pages.web, '/auth/login', { provider: 'keycloak', to: 'device' });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('content="0; url=https://idp.example/ask?state=1&amp;x=&quot;"');
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(pendingFlags)]);
    expect(pages.calls[0]).toEqual(['start', expect.objectContaining({ userName: null, provider: 'keycloak' })]);
  });

  test('its answer counts in the browser that was sent there, for the provider it was sent to (A5)', async () => {
    const cookie = await go();
    pages.calls.length = 0;
    expect((await get('/auth/callback/keycloak?code=right')).status).toBe(400);
    expect((await get('/auth/callback/other?code=right', cookie)).status).toBe(400);
    expect((await get('/auth/callback/keycloak?code=right', cookiesOf(await logIn({ password: 'more' })))).status).toBe(
      400,
    );
    expect(pages.calls.filter((call) => (call as string[])[0] === 'advance')).toHaveLength(1);
    pages.calls.length = 0;
    const answer = await get('/auth/callback/keycloak?code=right', cookie);
    expect(answer.status).toBe(200);
    expect(cookiesOf(answer)).toMatch(/^__Host-sallyport=spl_\d+; __Host-sallyport-pending=$/);
    expect(answer.body).toContain('content="0; url=/ui"');
    expect(pages.calls).toEqual([
      [
        'advance',
        {
          authenticationId: ids.authentication,
          mechanismId: 'm-IDP',
          answer: {
            url: `https://127.0.0.1:${pages.web.server.port}/auth/callback/keycloak?code=right`,
            fields: {},
          },
          round: 'round-1',
          source: '127.0.0.1',
        },
      ],
    ]);
  });

  test('SAML: its own page sends the form, at most 256 kB of it', async () => {
    const cookie = await go();
    const fields = { SAMLResponse: 'right', RelayState: '' };
    const saml = async (more: Readonly<Record<string, string>>, with_ = cookie) =>
      sendForm(pages.web, '/auth/callback/keycloak', { ...fields, ...more }, with_, 'https://idp.example');
    expect((await saml({}, '')).status).toBe(400);
    expect((await saml({ SAMLResponse: 'x'.repeat(262_144) })).status).toBe(413);
    const answer = await saml({});
    expect(cookiesOf(answer)).toMatch(/^__Host-sallyport=spl_/);
  });

  test('SAML: our metadata is there for whoever sets the provider up', async () => {
    const { status, headers, body } = await get('/auth/saml/corp-saml/metadata');
    expect([status, headers['content-type'], body]).toEqual([
      200,
      'application/samlmetadata+xml; charset=utf-8',
      '<EntityDescriptor/>',
    ]);
    expect((await get('/auth/saml/other/metadata')).status).toBe(404);
  });

  test('that says no leads back to the login page', async () => {
    const answer = await get('/auth/callback/keycloak?error=access_denied', await go());
    expect([answer.status, answer.body.includes('role="alert"')]).toEqual([401, true]);
  });
});
