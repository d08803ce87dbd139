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

const cookie = '__Host-sallyport=spl_ann';
const get = async (path: string) => pages.web.ask(path, { headers: { cookie } });
const send = async (path: string, fields: Readonly<Record<string, string>> = {}) =>
  sendForm(pages.web, path, fields, cookie);

test('the account shows logins, identities and factors, as texts', async () => {
  const { status, body } = await get('/auth/account?done=%3Cscript%3E');
  expect(status).toBe(200);
  expect(body).toContain('Browser at 127.0.0.1');
  expect(body).toContain('Command line at 2001:db8::1');
  expect(body).toContain('ann@&quot;corp&quot;');
  expect(body).toContain('&lt;b&gt;phone&lt;/b&gt;');
  expect(body).not.toContain('<script');
  expect(body.match(/class="tag">this one/g)).toHaveLength(1);
});

test.each([
  ['/auth/account/close-login', { login: ids.login }, ['close-login', ids.login], '/auth/account?done=closed'],
  ['/auth/account/unlink', { identity: ids.identity }, ['unlink', ids.identity], '/auth/account?done=unlinked'],
  [
    '/auth/account/remove-factor',
    { factor: ids.factor },
    ['remove-factor', ids.factor, null],
    '/auth/account?done=removed',
  ],
  ['/auth/account/sign-out-everywhere', { keep: 'this' }, ['close-everything', true], '/auth/account?done=others'],
  ['/auth/account/sign-out-everywhere', { keep: 'none' }, ['close-everything', false], '/auth/login?done=everywhere'],
  [
    '/auth/account/totp/finish',
    { sealed: 's1', code: '123456' },
    ['finish-totp', { sealed: 's1', code: '123456' }],
    '/auth/account?done=enrolled',
  ],
  [
    '/auth/account/webauthn/finish',
    { sealed: 's2', answer: '{}' },
    ['finish-webauthn', { sealed: 's2', credential: '{}' }],
    '/auth/account?done=enrolled',
  ],
  ['/auth/device', { code: 'BCDF-GHJK', answer: 'confirm' }, ['approve', 'BCDF-GHJK'], '/auth/account?done=approved'],
  ['/auth/device', { code: 'BCDF-GHJK', answer: 'refuse' }, ['deny', 'BCDF-GHJK'], '/auth/account?done=denied'],
])('%s %j does one thing and leads on; another site can do none of it', async (path, fields, call, location) => {
  expect((await sendForm(pages.web, path, fields, cookie, 'https://evil.example')).status).toBe(403);
  expect((await sendForm(pages.web, path, fields)).headers.location).toBe('/auth/login');
  expect(pages.calls).toEqual([]);
  const answer = await send(path, fields);
  expect([answer.status, answer.headers.location]).toEqual([303, location]);
  expect(pages.calls).toEqual([call]);
});

test('signing out ends the login and clears both cookies', async () => {
  const answer = await send('/auth/account/sign-out');
  expect(answer.headers.location).toBe('/auth/login?done=signed-out');
  expect(cookiesOf(answer)).toBe('__Host-sallyport=; __Host-sallyport-pending=');
  expect(pages.calls).toEqual([['provider-logout'], ['logout']]);
});

test('what is no id of that kind is not asked of the application', async () => {
  expect((await send('/auth/account/close-login', { login: ids.factor })).status).toBe(422);
  expect((await send('/auth/account/unlink', { identity: '../x' })).status).toBe(422);
  expect(pages.calls).toEqual([]);
});

test('a factor: the key is shown once, in no address; the codes too', async () => {
  const totp = await send('/auth/account/totp', { label: 'phone' });
  expect(totp.body).toContain('ABCD EFGH IJ');
  expect(totp.body).toContain('<svg class="qr" role="img"');
  expect((await send('/auth/account/recovery-codes')).body).toContain('<li>aaaa-bbbb</li>');
  const key = await send('/auth/account/webauthn', { label: 'key' });
  expect(key.headers['content-security-policy']).toContain("script-src 'self'");
  expect(key.body).toContain('src="/auth/webauthn.js"');
  const script = await get('/auth/webauthn.js');
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
});

test('a change that needs a factor first leads through showing one, to the same form again, for that change alone', async () => {
  const step = await send('/auth/account/totp', { label: 'guarded <1>' });
  expect([step.status, step.headers.location]).toEqual([303, '/auth/step']);
  expect(pages.calls.at(-1)).toEqual(['fresh', { for: 'factors', door: 'web', source: '127.0.0.1' }]);
  const pending = `${cookie}; ${cookiesOf(step)}`;
  expect((await pages.web.ask('/auth/step', { headers: { cookie: pending } })).body).toContain('Six digits');
  const early = await sendForm(pages.web, '/auth/account/totp', { label: 'guarded <1>' }, pending);
  expect(early.headers.location, 'nothing was shown yet').toBe('/auth/step');
  const wrong = await sendForm(pages.web, '/auth/step', { mechanism: 'm-OATH', answer: 'no' }, pending);
  expect(wrong.body).toContain('href="/auth/account"');

  const shown = await sendForm(pages.web, '/auth/step', { mechanism: 'm-OATH', answer: 'fresh' }, pending);
  expect(shown.headers.location).toBe('/auth/account/factor');
  const proven = `${cookie}; ${cookiesOf(shown)}`;
  const again = await pages.web.ask('/auth/account/factor', { headers: { cookie: proven } });
  expect(again.body).toContain('action="/auth/account/totp"');
  expect(again.body).toContain('value="guarded &lt;1&gt;"');
  const other = await sendForm(pages.web, '/auth/account/totp', { label: 'guarded 2' }, proven);
  expect(other.headers.location).toBe('/auth/step');
  const done = await sendForm(pages.web, '/auth/account/totp', { label: 'guarded <1>' }, proven);
  expect(done.body).toContain('ABCD EFGH IJ');
  expect((await get('/auth/account/factor')).headers.location).toBe('/auth/account');
});

describe('linking', () => {
  test('at a directory takes its name and password there', async () => {
    const answer = await send('/auth/account/link', { provider: 'corp', user: 'ann', password: 'linked' });
    expect(answer.headers.location).toBe('/auth/account?done=link');
    expect(pages.calls[0]).toEqual(['link', { provider: 'corp', userName: 'ann', door: 'web', source: '127.0.0.1' }]);
  });

  test('in the browser leads there; a failure leads back to the account, not to a login', async () => {
    const going = await send('/auth/account/link', { provider: 'keycloak' });
    expect(going.body).toContain('url=https://idp.example/ask');
    const back = await pages.web.ask('/auth/callback/keycloak?error=x', { headers: { cookie: cookiesOf(going) } });
    expect(back.status).toBe(422);
    expect(back.body).toContain('href="/auth/account"');
  });
});

describe('the device page', () => {
  test('shows who asks before anything happens, however the code came', async () => {
    const { body } = await get('/auth/device?user_code=BCDF-GHJK');
    expect(body).toContain('&lt;img src=x&gt;');
    expect(body).toContain('192.0.2.7');
    expect((await send('/auth/device', { code: ' BCDF-GHJK ', answer: '' })).body).toContain('192.0.2.7');
    await send('/auth/device', { code: 'bcdf ghjk', answer: '' });
    expect(pages.calls).toEqual([
      ['find', 'BCDF-GHJK'],
      ['find', 'BCDF-GHJK'],
      ['find', 'bcdf ghjk'],
    ]);
  });

  test('says so when nothing waits, with what was typed as text', async () => {
    expect((await send('/auth/device', { code: 'BCDF-GHJZ' })).status).toBe(422);
    const answer = await send('/auth/device', { code: '<x>' });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('value="&lt;x&gt;"');
    expect(pages.calls).toEqual([
      ['find', 'BCDF-GHJZ'],
      ['find', '<x>'],
    ]);
  });
});
