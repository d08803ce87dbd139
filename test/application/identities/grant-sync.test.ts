import { expect, it, onTestFinished } from 'vitest';
import { oidcProvider } from '../../../src/adapters/oidc/redirect-provider.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import type { VerifiedPass } from '../../../src/application/admission/door.ts';
import { runCommand } from '../../../src/application/commands/run-command.ts';
import { KeptGrants } from '../../../src/application/identities/kept-grants.ts';
import type { AskedAgain, Grant, RedirectProvider } from '../../../src/application/ports/identity-providers.ts';
import { dropGrants } from '../../../src/application/reactions/drop-grants.ts';
import { runReactions } from '../../../src/application/reactions/run-reactions.ts';
import { IdentitySync } from '../../../src/application/reactions/sync-identities.ts';
import type { IdentityId } from '../../../src/domain/kernel/ids.ts';
import { loginDecider } from '../../../src/domain/login/decider.ts';
import { nodeDecider } from '../../../src/domain/node/decider.ts';
import { type OidcAccount, type OidcProviderServer, startOidcProvider } from '../../kit/oidc-provider.ts';
import { until } from '../../kit/until.ts';
import { ask } from '../kit/house.ts';
import { tokenOf, unlinked } from '../kit/identity.ts';
import { openDesk, providersOf, source } from '../kit/login-desk.ts';
import { movingClock } from '../kit/moving-clock.ts';

const redirectUri = 'https://sallyport.test/auth/callback/company';
const postLogoutRedirectUri = 'https://sallyport.test/';
const system = { actor: { kind: 'system' as const, nodeId: null }, correlationId: 'c', causationId: null };
const nora = (groups: readonly string[]): OidcAccount => ({
  password: 'nora-pw',
  claims: { preferred_username: 'nora', groups },
});

/** Somebody of a real provider with a login, a token and a session that rest on it; nothing is asked by itself. */
async function inside(refresh: 'same' | 'rotated' = 'rotated') {
  const accounts: Record<string, OidcAccount> = { 'n-1': nora(['crew']), 'm-2': nora(['crew']) };
  const peer = await startOidcProvider({ accounts, redirectUri, postLogoutRedirectUri, refresh });
  onTestFinished(() => peer.stop());
  const company = companyOf(peer);
  /** What stands in for the provider's answer, when something does. */
  let answers: ((grant: Grant, subject: string) => Promise<AskedAgain>) | null = null;
  const asked: Grant[] = [];
  const askIt = async (grant: Grant, subject: string): Promise<AskedAgain> => {
    asked.push(grant);
    return (await (answers ?? company.ask)?.(grant, subject)) ?? Promise.reject(new Error('it cannot be asked'));
  };
  const providers = providersOf({ redirects: { company: { ...company, ask: askIt } } });
  const clock = movingClock();
  const desk = await openDesk({ providers }, clock);
  const { house, deps } = desk;
  const { node } = house;
  await house.apply(
    'apiVersion: sallyport/v1\nkind: Policy\nmetadata: {name: everybody}\nspec: {assign: "\\"crew\\" in claims.user.groups", entitlements: [box]}',
  );
  const logIn = async () => {
    const started = await desk.start(null, 'company');
    const { authenticationId } = started;
    const mechanismId = started.challenges[0]?.mechanisms[0]?.id ?? '';
    const begun = await desk.face.beginMechanism({ authenticationId, mechanismId, source });
    if (begun.status !== 'begun' || begun.redirect === null) throw new Error(JSON.stringify(begun));
    const answer = { url: await peer.login(begun.redirect, 'n-1', 'nora-pw'), fields: {} };
    const done = await desk.face.advanceAuthentication({
      authenticationId,
      mechanismId,
      answer,
      round: begun.round,
      source,
    });
    if (done.status !== 'success') throw new Error(JSON.stringify(done));
    return { userId: done.user.id, loginId: done.login.loginId };
  };
  const login = await logIn();
  const tokenId = await tokenOf(node, login.userId, login.loginId);
  const pass = { passId: tokenId, userId: login.userId, userName: 'nora' } as VerifiedPass;
  const session = ask(house, tokenId, { pass });
  expect(await session.admission).toMatchObject({ ok: true });
  const sync = new IdentitySync(
    {
      tools: node.tools,
      views: node.views,
      grants: deps.grants,
      providers,
      processLog: deps.processLog,
      note: async (fact) => {
        await runCommand(node.tools, nodeDecider, node.admission.node.nodeId, system, fact);
      },
    },
    3_600_000,
  );
  const stop = new AbortController();
  const { tools, views } = node;
  const reaction = dropGrants({ tools, views, grants: deps.grants });
  const reactions = runReactions(tools.log, [reaction], await tools.log.head(), deps.processLog, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await reactions;
  });
  const identityId = (await house.events('IdentityLinked'))[0]?.stream as IdentityId;
  const kept = (): Promise<readonly string[]> => node.custody.vault.list('identity-grant-');
  return {
    ...{ accounts, asked, clock, house, identityId, kept, logIn, login, peer, session, sync, tokenId, company },
    answer: (next: typeof answers) => void (answers = next),
    grants: deps.grants,
    noneKept: () => until(async () => (await kept()).length === 0, { what: 'the end of what was kept' }),
  };
}

function companyOf({ issuer, clientId, clientSecret, ca }: OidcProviderServer): RedirectProvider {
  return oidcProvider(
    {
      ...{ name: 'company', issuer, clientId, clientSecret, ca, redirectUri, postLogoutRedirectUri, claims: {} },
      scopes: ['profile', 'email', 'groups', 'offline_access'],
    },
    targetResolver([]),
  );
}

type Inside = Awaited<ReturnType<typeof inside>>;

async function ends({ house }: Inside): Promise<unknown> {
  await until(async () => (await house.events('SessionEnded')).length > 0, { what: 'the end of the session' });
  return (await house.events('SessionEnded'))[0]?.data;
}

it('somebody whose account is disabled at the provider loses what is open with the next round', async () => {
  const one = await inside();
  await one.sync.run();
  await one.sync.run();
  expect(one.session.told).toEqual([]);
  expect(await one.house.events('IdentityObserved')).toHaveLength(1);
  delete one.accounts['n-1'];
  await one.sync.run();
  expect(await ends(one)).toMatchObject({ reason: 'identity-left', how: 'sync' });
  expect((await one.house.events('IdentityObserved')).at(-1)?.data).toMatchObject({ standing: 'gone', by: 'sync' });
  expect(await one.kept()).toEqual([]);
});

it('a group that is taken away at the provider is lost with the next round', async () => {
  const one = await inside('same');
  one.accounts['n-1'] = nora([]);
  await one.sync.run();
  expect(await ends(one)).toMatchObject({ reason: 'entitlement-lost', how: 'sync' });
});

it('no token that a provider gave is in the log, and each new one stands in for the last', async () => {
  const one = await inside('rotated');
  for (let round = 0; round < 3; round += 1) {
    expect(await one.kept()).toHaveLength(1);
    await one.sync.run();
  }
  expect(new Set(one.asked).size).toBe(3);
  const log = JSON.stringify(await one.house.node.tools.log.readAll({ after: null, limit: 10_000 }));
  for (const grant of one.asked) {
    expect(log).not.toContain((JSON.parse(grant) as { readonly token: string }).token);
  }
  // As after a restart: what is kept is found again.
  const again = new KeptGrants(one.house.node.custody.vault);
  expect(await again.of(one.identityId)).toEqual(await one.grants.of(one.identityId));
  expect(await again.of(one.identityId)).toHaveLength(1);
});

it('a provider that is away ends nothing, and is an event after three rounds, until it answers again', async () => {
  const one = await inside();
  one.answer(async () => ({ ok: false, reason: 'unavailable', detail: 'it is away', grant: null }));
  for (let round = 0; round < 3; round += 1) await one.sync.run();
  expect(one.sync.stalled).toBe(1);
  expect((await one.house.events('DirectorySyncStalled')).map(({ data }) => data)).toEqual([{ provider: 'company' }]);
  expect(one.session.told).toEqual([]);
  one.answer(null);
  await one.sync.run();
  expect(one.sync.stalled).toBe(0);
  expect(one.session.told).toEqual([]);
});

it('an answer about somebody else changes nothing, however often it comes', async () => {
  const one = await inside();
  const identity = {
    ...{ provider: 'company', subject: 'm-2', username: 'mallory', email: null },
    ...{ groups: ['crew'], attributes: {}, standing: 'active' as const },
  };
  one.answer(async (grant) => ({ ok: true, identity, grant }));
  for (let round = 0; round < 4; round += 1) await one.sync.run();
  expect(await one.house.events('IdentityObserved')).toHaveLength(1);
  expect(one.session.told).toEqual([]);
  expect(one.sync.stalled).toBe(1);
});

it('what came with an answer that proves nothing is tried first, and what was proven before is not forgotten', async () => {
  const one = await inside('same');
  const first = await one.grants.open(one.identityId, 1);
  for (const grant of ['second', 'third']) {
    one.answer(async () => ({ ok: false, reason: 'untrusted', detail: 'a foreign signature', grant }));
    await one.sync.run();
  }
  expect(await one.kept()).toHaveLength(2);
  one.asked.length = 0;
  // The newest is worth nothing, the oldest all the same.
  one.answer(async (grant, subject) =>
    grant === first
      ? ((await one.company.ask?.(grant, subject)) ?? Promise.reject(new Error('it cannot be asked')))
      : { ok: false, reason: 'gone', detail: 'not known', grant: null },
  );
  await one.sync.run();
  expect(one.asked).toEqual(['third', first]);
  expect(one.session.told).toEqual([]);
  expect(await one.kept()).toHaveLength(1);
  expect(await one.grants.open(one.identityId, (await one.grants.of(one.identityId))[0] ?? 0)).toBe(first);
});

it('a login while the provider is asked counts more than its answer', async () => {
  const one = await inside('same');
  one.answer(async () => {
    await one.logIn();
    return { ok: false, reason: 'gone', detail: 'an old one', grant: null };
  });
  await one.sync.run();
  expect(one.session.told).toEqual([]);
  expect(await one.kept()).toHaveLength(1);
  one.answer(async () => {
    await one.logIn();
    return { ok: false, reason: 'untrusted', detail: 'an old one', grant: 'instead of an old one' };
  });
  await one.sync.run();
  one.answer(null);
  one.asked.length = 0;
  await one.sync.run();
  expect(one.asked).toHaveLength(1);
  expect(one.asked[0]).not.toContain('instead');
});

it('what was kept goes with the last that rests on it: not with the login while its token stands', async () => {
  const one = await inside();
  const { house, login, tokenId } = one;
  await runCommand(house.node.tools, loginDecider, login.loginId, system, (at) => ({
    type: 'close' as const,
    reason: 'logout' as const,
    how: null,
    at,
  }));
  await one.sync.run();
  expect(one.asked).toHaveLength(1);
  expect(await one.kept()).toHaveLength(1);
  await house.revoke(tokenId);
  await one.noneKept();
});

it('nobody is asked for of whom all has expired', async () => {
  const one = await inside();
  one.clock.move(13 * 3_600_000);
  await one.sync.run();
  expect(one.asked).toEqual([]);
  expect(await one.kept()).toEqual([]);
});

it('what was kept goes at once when the identity is unlinked', async () => {
  const one = await inside();
  await unlinked(one.house.node, one.identityId, one.login.userId);
  await one.noneKept();
});
