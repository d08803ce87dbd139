import { randomBytes } from 'node:crypto';
import { aesSealing } from '../../../src/adapters/vault/sealing.ts';
import { loginPageRoutes } from '../../../src/adapters/login-pages/routes.ts';
import type { PageDeps } from '../../../src/adapters/login-pages/deps.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import type { DeviceGrants } from '../../../src/application/ports/device-grants.ts';
import type { AuthenticationProgress } from '../../../src/application/ports/login-face.ts';
import type { MechanismName } from '../../../src/domain/authentication/events.ts';
import { type Answer, startTestWeb, type TestWeb, viewer } from '../http/web-kit.ts';

const uuid = '22222222-2222-4222-8222-222222222222';
const hmac = 'a'.repeat(64);

export const ids = {
  authentication: `authentication-${uuid}`,
  login: `login-${uuid}`,
  identity: `identity-${hmac}`,
  factor: `factor-${uuid}`,
} as const;

const challengeOf = (...names: readonly MechanismName[]) => [
  {
    mechanisms: names.map((name) => ({ id: `m-${name}`, name, answerType: 'Text' as const })),
  },
];

/** What the pages asked of the application, and a login by these rules: `right`, `more`, `change`, or wrong. */
export interface ScriptedPages {
  readonly web: TestWeb;
  readonly calls: unknown[];
  readonly sealing: PageDeps['sealing'];
  readonly logins: Map<string, Viewer>;
}

export async function startPages(): Promise<ScriptedPages> {
  const calls: unknown[] = [];
  const logins = new Map<string, Viewer>([['spl_ann', viewer('ann', 'administer')]]);
  const sealing = aesSealing(randomBytes(32));
  let issued = 0;
  const progressOf = (answer: unknown): AuthenticationProgress => {
    if (answer === 'more') return { status: 'next', challenges: challengeOf('OATH', 'WebAuthn', 'RC') };
    if (answer === 'change') return { status: 'failed', message: 'Change it.', mustChange: true };
    if (answer === 'fresh') return { status: 'shown', authenticationId: ids.authentication, purpose: 'fresh-factor' };
    if (answer === 'linked') return { status: 'shown', authenticationId: ids.authentication, purpose: 'link' };
    const code = typeof answer === 'object' ? new URL((answer as { url: string }).url).searchParams.get('code') : null;
    const fields = typeof answer === 'object' ? (answer as { fields: Record<string, string> }).fields : {};
    if (answer !== 'right' && code !== 'right' && fields.SAMLResponse !== 'right') {
      return { status: 'failed', message: 'User name or password is wrong <here>.', mustChange: false };
    }
    issued += 1;
    logins.set(`spl_${issued}`, viewer('ann'));
    const login = { loginId: ids.login, secret: `spl_${issued}`, expiresAt: '2026-01-02T15:04:05.678Z' };
    return { status: 'success', login, user: { id: `user-${uuid}`, name: 'ann' } };
  };
  const noted =
    <T>(name: string, result: T) =>
    async (...wish: readonly unknown[]): Promise<T> => {
      calls.push([name, ...wish.filter((one) => typeof one !== 'object' || one === null || !('permissions' in one))]);
      return result;
    };
  const ok = { ok: true } as const;
  const times = { openedAt: '2026-01-02T03:04:05.678Z', expiresAt: '2026-01-02T15:04:05.678Z' };
  const login = { loginId: ids.login, source: '127.0.0.1', provider: 'local', factors: ['UP', 'OATH'], ...times };
  const started = { authenticationId: ids.authentication, expiresAt: '2026-01-02T03:09:05.678Z' };
  const face: PageDeps['face'] = {
    loginProviders: async () => [
      { name: 'local', manner: 'password' },
      { name: 'corp', manner: 'password' },
      { name: 'keycloak', manner: 'redirect' },
    ],
    startAuthentication: async (wish) => {
      calls.push(['start', wish]);
      return { ...started, challenges: challengeOf(wish.provider === 'keycloak' ? 'IDP' : 'UP') };
    },
    startFreshFactor: noted('fresh', { ok: true, ...started, challenges: challengeOf('OATH') }),
    startLink: async (_viewer, wish) => {
      calls.push(['link', wish]);
      return { ok: true, ...started, challenges: challengeOf(wish.provider === 'keycloak' ? 'IDP' : 'UP') };
    },
    beginMechanism: async (wish) => {
      calls.push(['begin', wish]);
      return wish.mechanismId === 'm-IDP'
        ? { status: 'begun', round: 'round-1', redirect: 'https://idp.example/ask?state=1&x="', options: null }
        : { status: 'begun', round: 'round-2', redirect: null, options: '{"challenge":"AAAA","x":"\\"><script>"}' };
    },
    advanceAuthentication: async (wish) => {
      calls.push(['advance', wish]);
      return progressOf(wish.answer);
    },
    changePassword: noted('change-password', ok),
    resetPassword: noted('reset-password', ok),
    offerPasswordReset: noted('offer', { ok: true, link: 'spr_x', expiresAt: times.expiresAt }),
    openLoginFor: noted('open-login', { loginId: ids.login, secret: 'spl_x', expiresAt: times.expiresAt }),
    ownLogins: async () => [
      { ...login, door: 'web', current: true },
      { ...login, door: 'cli', source: '2001:db8::1', provider: 'keycloak', factors: ['IDP'], current: false },
    ],
    closeLogin: noted('close-login', ok),
    closeEverything: noted('close-everything', undefined),
    ownIdentities: async () => [
      { identityId: ids.identity, provider: 'keycloak', username: 'ann@"corp"', standing: 'active' },
    ],
    unlinkIdentity: noted('unlink', ok),
    providerLogout: noted('provider-logout', null),
    logout: noted('logout', undefined),
    factorsOf: async () => ({ ok: true, factors: [] }),
    ownFactors: async () => [
      {
        factorId: ids.factor,
        kind: 'totp',
        label: '<b>phone</b>',
        enrolledAt: times.openedAt,
        lastUsedAt: null,
        left: null,
      },
    ],
    beginTotp: async (_viewer, label, freshFactor) => {
      calls.push(['begin-totp', label, freshFactor]);
      const needed = label.startsWith('guarded') && freshFactor !== ids.authentication;
      if (needed) return { ok: false, errors: [{ code: 'fresh-factor-needed', message: 'show one' }] };
      return { ok: true, secret: 'ABCDEFGHIJ', uri: 'otpauth://totp/x?secret=A', sealed: 's1' };
    },
    finishTotp: noted('finish-totp', { ok: true, factorId: ids.factor }),
    beginWebauthn: noted('begin-webauthn', { ok: true, options: '{}', sealed: 's2' }),
    finishWebauthn: noted('finish-webauthn', { ok: true, factorId: ids.factor }),
    drawRecoveryCodes: noted('codes', { ok: true, factorId: ids.factor, codes: ['aaaa-bbbb', 'cccc-dddd'] }),
    removeFactor: noted('remove-factor', ok),
  };
  const grants: DeviceGrants = {
    find: async (_viewer, userCode) => {
      calls.push(['find', userCode]);
      if (userCode !== 'BCDF-GHJK') return null;
      const asked = { askedAt: times.openedAt, expiresAt: times.expiresAt, userName: null, target: null };
      return { userCode, door: 'cli', client: '<img src=x>', source: '192.0.2.7', ...asked };
    },
    approve: noted('approve', ok),
    deny: noted('deny', ok),
  };
  const web = await startTestWeb({
    routes: loginPageRoutes({ face, sealing }, grants, {
      serviceMetadata: async (name) => (name === 'corp-saml' ? '<EntityDescriptor/>' : null),
    }),
    viewerOf: async (secret) => logins.get(secret) ?? null,
  });
  return { web, calls, sealing, logins };
}

/** Sends a form as a browser does that shows one of our pages. */
export async function sendForm(
  web: TestWeb,
  path: string,
  fields: Readonly<Record<string, string>>,
  cookie = '',
  origin = `https://127.0.0.1:${web.server.port}`,
): Promise<Answer> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin, cookie };
  return web.ask(path, { method: 'POST', body: new URLSearchParams(fields).toString(), headers });
}

/** The cookies that an answer sets, as a browser would send them back. */
export function cookiesOf(answer: Answer): string {
  return (answer.headers['set-cookie'] ?? []).map((line) => line.slice(0, line.indexOf(';'))).join('; ');
}
