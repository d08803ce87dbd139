import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { oidcProvider } from '../../../src/adapters/oidc/redirect-provider.ts';
import { serviceMetadata } from '../../../src/adapters/saml/node-saml.ts';
import { samlProvider } from '../../../src/adapters/saml/saml-provider.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import { AttemptNotes } from '../../../src/application/authentication/attempt-notes.ts';
import { loginFace } from '../../../src/application/authentication/login-face.ts';
import { LoginActivity } from '../../../src/application/commands/login-activity.ts';
import type { RedirectAnswer, RedirectProvider } from '../../../src/application/ports/identity-providers.ts';
import type { AuthenticationProgress, StartedAuthentication } from '../../../src/application/ports/login-face.ts';
import { SallyportError } from '../../../src/domain/kernel/errors.ts';
import { type OidcProviderServer, startOidcProvider } from '../../kit/oidc-provider.ts';
import { type SamlIdp, startSamlIdp } from '../../kit/saml-idp.ts';
import { movingClock } from '../kit/moving-clock.ts';
import { enrol } from '../factors/kit.ts';
import { type LoginDesk, openDesk, password, providersOf, source } from '../kit/login-desk.ts';

const callback = 'https://sallyport.test/auth/callback/company';
const accounts = {
  'a1b2-c3': { password: 'nora-pw', claims: { preferred_username: 'nora', groups: ['ops'] } },
  'd4e5-f6': { password: 'alice-pw', claims: { preferred_username: 'alice' } },
};
const us = {
  entityId: 'https://sallyport.test/auth/saml/corp/metadata',
  callbackUrl: 'https://sallyport.test/auth/callback/corp',
};
const people = { mary: { nameId: 'p-7f3a', attributes: { uid: ['mary'], mail: ['mary@example.com'] } } };

let peer: OidcProviderServer;
let idp: SamlIdp;
let redirects: { readonly company: RedirectProvider; readonly corp: RedirectProvider };

beforeAll(async () => {
  peer = await startOidcProvider({ accounts, redirectUri: callback, postLogoutRedirectUri: 'https://sallyport.test/' });
  idp = await startSamlIdp({ service: serviceMetadata(us), people });
  const { issuer, clientId, clientSecret, ca } = peer;
  const settings = {
    name: 'company',
    issuer,
    clientId,
    clientSecret,
    ca,
    scopes: ['profile', 'email', 'groups'],
    claims: {},
  };
  const addresses = { redirectUri: callback, postLogoutRedirectUri: 'https://sallyport.test/' };
  const saml = {
    ...us,
    name: 'corp',
    metadata: await idp.metadata(),
    claims: { username: 'uid', email: 'mail', groups: 'memberOf', attributes: {} },
  };
  redirects = {
    company: oidcProvider({ ...settings, ...addresses }, targetResolver([])),
    corp: samlProvider(saml, Date.now),
  };
});
afterAll(async () => {
  await peer.stop();
  await idp.close();
});

const withProviders = () => openDesk({ providers: providersOf({ redirects }) });

interface Begun {
  readonly started: StartedAuthentication;
  readonly mechanismId: string;
  readonly round: string;
  readonly redirect: string;
}

async function begin(desk: LoginDesk, started: StartedAuthentication): Promise<Begun> {
  const mechanismId = started.challenges[0]?.mechanisms[0]?.id ?? '';
  const { authenticationId } = started;
  const begun = await desk.face.beginMechanism({ authenticationId, mechanismId, source });
  if (begun.status !== 'begun' || begun.redirect === null) throw new Error(JSON.stringify(begun));
  return { started, mechanismId, round: begun.round, redirect: begun.redirect };
}

const beginLogin = async (desk: LoginDesk, name = 'company') => begin(desk, await desk.start(null, name));

const atOidc = async ({ redirect }: Begun, subject = 'a1b2-c3', secret = 'nora-pw'): Promise<RedirectAnswer> => ({
  url: await peer.login(redirect, subject, secret),
  fields: {},
});

function finish(
  desk: Pick<LoginDesk, 'face'>,
  { started: { authenticationId }, mechanismId, round }: Begun,
  answer: RedirectAnswer,
): Promise<AuthenticationProgress> {
  return desk.face.advanceAuthentication({ authenticationId, mechanismId, answer, round, source });
}

it('somebody logs in at a provider of OpenID Connect, the second time as the same person', async () => {
  const desk = await withProviders();
  const logins = [];
  for (let time = 0; time < 2; time += 1) {
    const begun = await beginLogin(desk);
    logins.push(await finish(desk, begun, await atOidc(begun)));
  }
  expect(logins.map(({ status }) => status)).toEqual(['success', 'success']);
  expect(new Set(logins.map((one) => one.status === 'success' && one.user.id)).size).toBe(1);
  expect(new Set(logins.map((one) => one.status === 'success' && one.login.loginId)).size).toBe(2);
  const [opened] = await desk.house.events('LoginOpened');
  expect(opened?.data).toMatchObject({ provider: 'company', factors: ['IDP'] });
  expect(await desk.house.events('IdentityObserved')).toMatchObject([{ data: { groups: ['ops'], username: 'nora' } }]);
  const progress = logins[0];
  const own =
    progress?.status === 'success'
      ? desk.house.viewer({ userId: progress.user.id, loginId: progress.login.loginId })
      : desk.house.viewer();
  expect(await desk.face.providerLogout(own)).toContain(peer.issuer);
});

it('somebody logs in at a SAML provider, and the same answer does nothing a second time, after a restart either', async () => {
  const desk = await withProviders();
  const begun = await beginLogin(desk, 'corp');
  const { fields } = await idp.logIn(begun.redirect, 'mary');
  const answer = { url: us.callbackUrl, fields };
  expect(await finish(desk, begun, answer)).toMatchObject({ status: 'success', user: { name: 'mary' } });
  const restarted = { face: loginFace({ ...desk.deps, notes: new AttemptNotes() }, new LoginActivity()) };
  expect((await finish(desk, begun, answer)).status).toBe('failed');
  expect((await finish(restarted, begun, answer)).status).toBe('failed');
  const other = await beginLogin(desk, 'corp');
  expect((await finish(desk, other, answer)).status).toBe('failed');
  expect(await desk.house.events('LoginOpened')).toHaveLength(1);
});

it('a login ends with the session at a SAML provider, where that is earlier than ours', async () => {
  const end = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000);
  const context = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';
  const said = `<saml:AuthnContext><saml:AuthnContextClassRef>${context}</saml:AuthnContextClassRef></saml:AuthnContext>`;
  const statement = (until: Date): string =>
    `<saml:AuthnStatement AuthnInstant="${new Date().toISOString()}" SessionNotOnOrAfter="${until.toISOString()}">${said}</saml:AuthnStatement>`;
  const desk = await openDesk({ providers: providersOf({ redirects }) }, movingClock(new Date().toISOString()));
  const logIn = async (authnStatement: string) => {
    idp.behave({ authnStatement });
    onTestFinished(() => idp.behave({}));
    const begun = await beginLogin(desk, 'corp');
    const { fields } = await idp.logIn(begun.redirect, 'mary');
    return finish(desk, begun, { url: us.callbackUrl, fields });
  };
  const late = new Date(end.getTime() + 86_400_000);
  const logins = [await logIn(statement(end) + statement(late)), await logIn(statement(late))];
  const ends = logins.map((one) => (one.status === 'success' ? Date.parse(one.login.expiresAt) : one));
  // Half a minute between the clocks, as everywhere.
  expect(ends[0]).toBeLessThanOrEqual(end.getTime() + 60_000);
  expect(ends[0]).toBeGreaterThanOrEqual(end.getTime());
  expect(ends[1]).toBe(Date.parse(desk.clock.wall()) + 12 * 3_600_000);
});

it('an attempt whose note is gone opens no login: what the provider said with its answer is not known any more', async () => {
  const notes = new AttemptNotes();
  notes.add = () => undefined;
  const desk = await openDesk({ providers: providersOf({ redirects }), notes });
  const begun = await beginLogin(desk);
  expect(await finish(desk, begun, await atOidc(begun))).toMatchObject({
    status: 'failed',
    message: 'this took too long; begin again',
  });
  expect(await desk.house.events('LoginOpened')).toEqual([]);
});

it('an answer sent twice at once opens one login', async () => {
  const desk = await withProviders();
  const begun = await beginLogin(desk);
  const answer = await atOidc(begun);
  const both = await Promise.all([finish(desk, begun, answer), finish(desk, begun, answer)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['failed', 'success']);
  expect(await desk.house.events('LoginOpened')).toHaveLength(1);
});

it('two first logins at once, in two browsers, make one person', async () => {
  const desk = await withProviders();
  const begun = await Promise.all([beginLogin(desk), beginLogin(desk), beginLogin(desk)]);
  const answers = await Promise.all(begun.map((one) => atOidc(one)));
  const all = await Promise.all(
    begun.map((one, index) => finish(desk, one, answers[index] ?? { url: '', fields: {} })),
  );
  expect(new Set(all.map((one) => (one.status === 'success' ? one.user.id : one.status))).size).toBe(1);
  expect(await desk.house.events('UserCreated'), 'alice, and nora once').toHaveLength(2);
});

it('a round that is foreign, of another attempt, of another mechanism or of an earlier begin ends and opens nothing', async () => {
  const desk = await withProviders();
  const [first, other] = [await beginLogin(desk), await beginLogin(desk)];
  const answer = await atOidc(first);
  const last = first.round.endsWith('A') ? 'B' : 'A';
  for (const round of ['', 'no round', `${first.round.slice(0, -2)}${last}A`, other.round]) {
    expect((await finish(desk, { ...first, round }, answer)).status, round).toBe('failed');
  }
  expect((await finish(desk, { ...other, round: first.round }, answer)).status).toBe('failed');
  const {
    started: { authenticationId },
    mechanismId,
  } = first;
  const bare = { authenticationId, mechanismId, answer, round: null, source };
  expect((await desk.face.advanceAuthentication(bare)).status).toBe('failed');
  const again = await begin(desk, first.started);
  expect((await finish(desk, first, answer)).status, 'a newer one was begun').toBe('failed');
  expect(await desk.house.events('AuthenticationFailed'), 'a stray answer ends no attempt').toEqual([]);
  expect((await finish(desk, again, await atOidc(again))).status).toBe('success');
});

it('an answer with the state of another browser is refused', async () => {
  const desk = await withProviders();
  const [own, foreign] = [await beginLogin(desk), await beginLogin(desk)];
  expect((await finish(desk, own, await atOidc(foreign))).status).toBe('failed');
  expect(await desk.house.events('LoginOpened')).toEqual([]);
  expect(await desk.house.events('AuthenticationFailed')).toHaveLength(1);
});

it('what began after its time, or was begun too often, is over', async () => {
  const desk = await withProviders();
  const begun = await beginLogin(desk);
  const answer = await atOidc(begun);
  desk.clock.move(5 * 60_000);
  expect((await finish(desk, begun, answer)).status).toBe('failed');
  expect(await desk.house.events('AuthenticationFailed')).toMatchObject([{ data: { reason: 'expired' } }]);
  const { authenticationId } = begun.started;
  const late = await desk.face.beginMechanism({ authenticationId, mechanismId: begun.mechanismId, source });
  expect(late.status).toBe('failed');
  const often = await desk.start(null, 'company');
  for (let time = 0; time < 10; time += 1) await begin(desk, often);
  await expect(begin(desk, often)).rejects.toThrow('too often');
});

it('a name that is taken is refused until its owner links the identity, which opens no login', async () => {
  const desk = await withProviders();
  const { house, face } = desk;
  const begun = await beginLogin(desk);
  const as = (one: Begun) => atOidc(one, 'd4e5-f6', 'alice-pw');
  expect(await finish(desk, begun, await as(begun))).toMatchObject({
    message: expect.stringContaining('taken') as string,
  });
  const link = await face.startLink(await desk.viewer(), { provider: 'company', userName: null, door: 'web', source });
  if (!link.ok) throw new Error('no link');
  const linking = await begin(desk, link);
  expect(await finish(desk, linking, await as(linking))).toMatchObject({ status: 'shown', purpose: 'link' });
  expect(await house.events('LoginOpened'), 'the one that asked').toHaveLength(1);
  const then = await beginLogin(desk);
  expect(await finish(desk, then, await as(then))).toMatchObject({ status: 'success', user: { id: house.alice } });
});

it('whoever reads in the log that somebody links an identity links none of theirs', async () => {
  const desk = await withProviders();
  await desk.face.startLink(await desk.viewer(), { provider: 'company', userName: null, door: 'web', source });
  const started = (await desk.house.events('AuthenticationStarted')).at(-1);
  const { challenges } = started?.data as Pick<StartedAuthentication, 'challenges'>;
  const seen = { authenticationId: started?.stream ?? '', challenges, expiresAt: '' };
  await expect(begin(desk, seen)).rejects.toThrow('never begun');
});

it('a login that ends while an identity is linked takes the link along', async () => {
  const desk = await withProviders();
  const viewer = await desk.viewer();
  const link = await desk.face.startLink(viewer, { provider: 'company', userName: null, door: 'web', source });
  if (!link.ok) throw new Error('no link');
  const linking = await begin(desk, link);
  const answer = await atOidc(linking);
  await desk.face.closeEverything(viewer, false);
  expect(await finish(desk, linking, answer)).toMatchObject({ status: 'failed' });
  expect(await desk.house.events('IdentityLinked')).toEqual([]);
});

it('who has a factor shows it for a link as well, whatever the policy asks at logins', async () => {
  const desk = await openDesk({ providers: providersOf({ redirects }), requiredChallenges: async () => [] });
  const { house, face } = desk;
  const start = async () => {
    const link = await face.startLink(await desk.viewer(), {
      provider: 'company',
      userName: null,
      door: 'web',
      source,
    });
    if (!link.ok) throw new Error('no link');
    return begin(desk, link);
  };
  const early = await start();
  await enrol(house, 'recovery');
  for (const linking of [early, await start()]) {
    const step = await finish(desk, linking, await atOidc(linking));
    expect(step).toMatchObject({ status: 'next', challenges: [{ mechanisms: [{ name: 'RC' }] }] });
    if (step.status !== 'next') throw new Error(step.status);
    expect((await desk.answer({ ...linking.started, challenges: step.challenges }, 'XXXX-XXXX')).status).toBe('failed');
  }
  expect(await house.events('IdentityLinked')).toEqual([]);
});

it('what is linked makes nobody, under a name that is free either', async () => {
  const desk = await withProviders();
  const { house, face } = desk;
  const link = await face.startLink(await desk.viewer(), { provider: 'company', userName: null, door: 'web', source });
  if (!link.ok) throw new Error('no link');
  const linking = await begin(desk, link);
  expect((await finish(desk, linking, await atOidc(linking))).status).toBe('shown');
  expect(await house.events('UserCreated'), 'alice').toHaveLength(1);
  const then = await beginLogin(desk);
  expect(await finish(desk, then, await atOidc(then))).toMatchObject({ user: { id: house.alice } });
});

it('a link ends as the identity of nobody else: one that is linked already stays whose it is', async () => {
  const desk = await withProviders();
  const begun = await beginLogin(desk);
  const nora = await finish(desk, begun, await atOidc(begun));
  if (nora.status !== 'success') throw new Error(nora.status);
  const wish = { provider: 'company', userName: null, door: 'web', source } as const;
  const link = await desk.face.startLink(await desk.viewer(), wish);
  if (!link.ok) throw new Error('no link');
  const linking = await begin(desk, link);
  expect((await finish(desk, linking, await atOidc(linking))).status).toBe('failed');
  expect(await desk.house.events('AuthenticationFailed')).toMatchObject([{ data: { reason: 'linked-elsewhere' } }]);
  const again = await beginLogin(desk);
  expect(await finish(desk, again, await atOidc(again))).toMatchObject({ user: { id: nora.user.id } });
});

it('a provider that is gone or gives no answer opens nothing, and the attempt can go on', async () => {
  const providers: Record<string, RedirectProvider> = { ...redirects };
  const desk = await openDesk({ providers: providersOf({ redirects: providers }) });
  const begun = await beginLogin(desk);
  const answer = await atOidc(begun);
  const silent = { ok: false, reason: 'unavailable', detail: 'no answer in time' } as const;
  providers.company = { ...redirects.company, finish: async () => silent };
  await expect(finish(desk, begun, answer)).rejects.toMatchObject({ kind: 'unavailable' });
  providers.company = {
    ...redirects.company,
    begin: () => Promise.reject(new SallyportError('unavailable', 'x', 'x')),
  };
  const {
    started: { authenticationId },
    mechanismId,
  } = begun;
  await expect(desk.face.beginMechanism({ authenticationId, mechanismId, source })).rejects.toMatchObject({
    kind: 'unavailable',
  });
  providers.company = redirects.company;
  expect(await desk.house.events('AuthenticationFailed')).toEqual([]);
  expect((await finish(desk, begun, answer)).status).toBe('success');
});

it('who is asked for where, is said: no such provider, a name too many, a name that is missing', async () => {
  const desk = await withProviders();
  await expect(desk.start(null, 'nowhere')).rejects.toMatchObject({ kind: 'invalid', code: 'no-such-provider' });
  await expect(desk.start('nora', 'company')).rejects.toMatchObject({ kind: 'invalid', code: 'user-not-needed' });
  await expect(desk.start(null, 'local')).rejects.toMatchObject({ kind: 'invalid', code: 'user-needed' });
  expect(await desk.face.loginProviders()).toEqual([
    { name: 'local', manner: 'password' },
    { name: 'company', manner: 'redirect' },
    { name: 'corp', manner: 'redirect' },
  ]);
  expect((await desk.login('alice', password)).status).toBe('success');
});
