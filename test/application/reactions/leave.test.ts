import { expect, it, onTestFinished } from 'vitest';
import { LoginActivity } from '../../../src/application/commands/login-activity.ts';
import { viewerOf } from '../../../src/application/commands/logins.ts';
import { registerPublicKey } from '../../../src/application/commands/keys.ts';
import { runCommand } from '../../../src/application/commands/run-command.ts';
import { issueTemporaryToken } from '../../../src/application/commands/tokens.ts';
import { providerNotice } from '../../../src/application/identities/provider-notice.ts';
import type { LogoutNotice, RedirectProvider } from '../../../src/application/ports/identity-providers.ts';
import { keyToolsOf, ownKey, proofOf } from '../kit/own-key.ts';
import { knownIdentity } from '../../../src/application/identities/known-identity.ts';
import { endPasses, sweepPasses } from '../../../src/application/reactions/end-passes.ts';
import { runReactions } from '../../../src/application/reactions/run-reactions.ts';
import { loginDecider } from '../../../src/domain/login/decider.ts';
import type { IdentityId, StreamId } from '../../../src/domain/kernel/ids.ts';
import type { IdentityStanding } from '../../../src/domain/kernel/standing.ts';
import { until } from '../../kit/until.ts';
import { ask, type House, instead, openHouse } from '../kit/house.ts';
import { linked, loggedIn, observed, tokenOf, unlinked } from '../kit/identity.ts';

const resource = (kind: string, name: string, spec: string): string =>
  `apiVersion: sallyport/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}`;

/** alice, who logged in by her identity and has an open session with a token of that login, and one by her password. */
async function twoWaysIn(reacting = true) {
  const house = await openHouse();
  const { node, alice } = house;
  if (reacting) await react(house);
  const identityId = await linked(node, alice);
  await observed(node, identityId, { groups: ['crew'] }, 'login');
  const [corp, local] = [await loggedIn(node, alice, identityId), await loggedIn(node, alice, null)];
  const [corpToken, localToken] = [await tokenOf(node, alice, corp.loginId), await tokenOf(node, alice, local.loginId)];
  const [resting, other] = [ask(house, corpToken), ask(house, localToken)];
  expect(await resting.admission).toMatchObject({ ok: true });
  expect(await other.admission).toMatchObject({ ok: true });
  return { house, node, alice, identityId, corp, local, corpToken, localToken, resting, other };
}

async function react({ node }: House): Promise<void> {
  const stop = new AbortController();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const running = runReactions(
    node.tools.log,
    [endPasses({ tools: node.tools, views: node.views, ...node.custody })],
    await node.tools.log.head(),
    log,
    stop.signal,
  );
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
}

async function data(house: House, type: string, stream: StreamId | null = null): Promise<readonly unknown[]> {
  const events = await house.events(type);
  return events.filter((event) => stream === null || event.stream === stream).map((event) => event.data);
}

type Ways = Awaited<ReturnType<typeof twoWaysIn>>;

const leaving: readonly {
  readonly what: string;
  readonly act: (ways: Ways) => Promise<void>;
  readonly reason: string;
  readonly how: string | null;
}[] = [
  ...(['disabled', 'expired'] as const).map((standing) => ({
    what: `a sync sees it ${standing}`,
    act: ({ node, identityId }: Ways) => observed(node, identityId, { standing }, 'sync'),
    reason: 'identity-left',
    how: 'sync',
  })),
  {
    what: 'a notice says it is disabled',
    act: ({ node, identityId }) => observed(node, identityId, { standing: 'disabled' }, 'notice'),
    reason: 'identity-left',
    how: 'notice',
  },
  {
    what: 'its owner unlinks it',
    act: ({ node, identityId, alice }) => unlinked(node, identityId, alice),
    reason: 'identity-unlinked',
    how: null,
  },
];

it.each(leaving)('when $what, what rests on it ends and nothing else', async ({ act, reason, how }) => {
  const ways = await twoWaysIn();
  const { house, node, corp, corpToken, localToken, resting, other, local } = ways;
  await act(ways);
  await until(() => resting.told.length > 0, { what: 'the cut' });
  expect(resting.told).toMatchObject([{ reason }]);
  await until(async () => (await data(house, 'SessionEnded')).length === 1, { what: 'the end of the session' });
  expect(await data(house, 'SessionEnded')).toMatchObject([{ reason, how }]);
  await until(async () => (await data(house, 'TemporaryTokenRevoked')).length === 1, { what: 'the revocation' });
  expect(await data(house, 'TemporaryTokenRevoked', corpToken)).toMatchObject([{ reason, how }]);
  expect(await data(house, 'LoginClosed', corp.loginId)).toEqual([{ reason, how }]);
  await until(async () => (await node.custody.loginProofs.verify(corp.secret)) === null, { what: 'its bearer to go' });
  expect(other.told).toEqual([]);
  expect(await house.types(localToken)).toEqual(['TemporaryTokenIssued', 'SessionAdmitted']);
  expect(await node.custody.loginProofs.verify(local.secret)).toBe(local.loginId);
});

it.each(['locked', 'must-change'] as const)(
  'a person who is %s at the provider keeps what is open',
  async (standing) => {
    const { house, node, identityId, resting } = await twoWaysIn();
    const { terminations } = node.admission;
    const before = terminations.changes;
    await observed(node, identityId, { standing, groups: ['crew'] });
    await until(() => terminations.changes > before, { what: 'the change to be noted' });
    await sweepPasses({ tools: node.tools, views: node.views, ...node.custody });
    expect(resting.told).toEqual([]);
    expect(await data(house, 'TemporaryTokenRevoked')).toEqual([]);
  },
);

it('a token outlives its login, and still goes with the identity', async () => {
  const { house, node, identityId, corp, corpToken } = await twoWaysIn();
  const activity = new LoginActivity();
  const viewer = await viewerOf({ tools: node.tools, views: node.views, ...node.custody }, activity, corp.secret);
  expect(viewer).toMatchObject({ loginId: corp.loginId });
  const context = { actor: { kind: 'system' as const, nodeId: null }, correlationId: 'c', causationId: null };
  const close = (at: string) => ({ type: 'close' as const, reason: 'logout' as const, at });
  await runCommand(node.tools, loginDecider, corp.loginId, context, close);
  await observed(node, identityId, { standing: 'disabled' });
  await until(async () => (await data(house, 'TemporaryTokenRevoked')).length === 1, { what: 'the revocation' });
  expect(await data(house, 'TemporaryTokenRevoked', corpToken)).toMatchObject([{ reason: 'identity-left' }]);
});

it('nothing is admitted on an identity that left, before its tokens are revoked', async () => {
  const { house, node, identityId, corpToken, localToken, corp, resting } = await twoWaysIn(false);
  await observed(node, identityId, { standing: 'disabled' });
  await until(() => resting.told.length > 0, { what: 'the cut' });
  expect(await ask(house, corpToken).admission).toMatchObject({ ok: false });
  expect((await house.events('SessionRefused')).at(-1)?.data).toMatchObject({
    detail: 'the identity of the login is not active at its provider, or unlinked',
  });
  expect(await ask(house, localToken).admission).toMatchObject({ ok: true });
  const logins = { tools: node.tools, views: node.views, ...node.custody };
  expect(await viewerOf(logins, new LoginActivity(), corp.secret)).toBeNull();
});

it('an identity that somebody else got opens nothing for who had it', async () => {
  const { house, node, identityId, alice, corpToken } = await twoWaysIn(false);
  await unlinked(node, identityId, alice);
  await house.apply(resource('User', 'bob', '{password: another long password}'));
  const bob = node.views.directory.find({ where: { kind: 'user', name: 'bob' }, limit: 1 })[0]?.id;
  await linked(node, bob as `user-${string}`);
  await observed(node, identityId, { groups: ['crew'] });
  expect(await ask(house, corpToken).admission).toMatchObject({ ok: false });
});

it('the groups of the provider count for what rests on the identity alone, and their loss says how it was learned', async () => {
  const house = await openHouse();
  const { node, alice } = house;
  await house.apply(
    resource('Policy', 'everybody', '{assign: "\\"crew\\" in claims.user.groups", entitlements: [box]}'),
  );
  const identityId = await linked(node, alice);
  await observed(node, identityId, { groups: ['crew', 'staff'] }, 'login');
  const [corp, local] = [await loggedIn(node, alice, identityId), await loggedIn(node, alice, null)];
  const resting = ask(house, await tokenOf(node, alice, corp.loginId));
  expect(await resting.admission).toMatchObject({ ok: true });
  expect(await ask(house, await tokenOf(node, alice, local.loginId)).admission).toMatchObject({ ok: false });
  await observed(node, identityId, { groups: ['staff'] }, 'sync');
  await until(async () => (await data(house, 'SessionEnded')).length === 1, { what: 'the end of the session' });
  expect(resting.told).toMatchObject([{ reason: 'entitlement-lost' }]);
  expect(await data(house, 'SessionEnded')).toMatchObject([{ reason: 'entitlement-lost', how: 'sync' }]);
});

it('the provider of the login is a claim', async () => {
  const house = await openHouse();
  const { node, alice } = house;
  await house.apply(
    resource('Policy', 'everybody', '{assign: "claims.user.provider == \\"corp\\"", entitlements: [box]}'),
  );
  const identityId = await linked(node, alice);
  const [corp, local] = [await loggedIn(node, alice, identityId), await loggedIn(node, alice, null)];
  expect(await ask(house, await tokenOf(node, alice, corp.loginId)).admission).toMatchObject({ ok: true });
  expect(await ask(house, await tokenOf(node, alice, local.loginId)).admission).toMatchObject({ ok: false });
});

it.each([
  {
    what: 'disabled',
    reason: 'user-disabled',
    act: (house: House) => house.apply(resource('User', 'alice', '{disabled: true}')),
  },
  { what: 'removed', reason: 'user-removed', act: (house: House) => house.remove('User', 'alice') },
])('a person who is $what loses every login too', async ({ reason, act }) => {
  const { house, node, corp, local, identityId } = await twoWaysIn();
  await act(house);
  await until(async () => (await data(house, 'LoginClosed')).length === 2, { what: 'the ends of the logins' });
  expect(await data(house, 'LoginClosed')).toEqual([
    { reason, how: null },
    { reason, how: null },
  ]);
  await until(
    async () =>
      (await node.custody.loginProofs.verify(corp.secret)) === null &&
      (await node.custody.loginProofs.verify(local.secret)) === null,
    { what: 'the bearers to go' },
  );
  if (reason !== 'user-removed') return;
  await until(async () => (await knownIdentity(node.tools.log, identityId)) === null, {
    what: 'the identity to be free',
  });
  expect(await data(house, 'IdentityUnlinked')).toMatchObject([{ by: 'user-removed' }]);
});

const missed: readonly {
  readonly what: string;
  readonly standing: IdentityStanding | null;
  readonly reason: string;
}[] = [
  { what: 'that left', standing: 'disabled', reason: 'identity-left' },
  { what: 'that was unlinked', standing: null, reason: 'identity-unlinked' },
];

it.each(missed)('what the reaction missed of an identity $what the sweep ends', async ({ standing, reason }) => {
  const { house, node, alice, identityId, corp, corpToken } = await twoWaysIn(false);
  if (standing === 'disabled') await observed(node, identityId, { standing }, 'notice');
  else await unlinked(node, identityId, alice);
  const tools = { tools: node.tools, views: node.views, ...node.custody };
  await sweepPasses(tools);
  await sweepPasses(tools);
  const how = standing === null ? null : 'notice';
  expect(await data(house, 'LoginClosed')).toEqual([{ reason, how }]);
  expect(await data(house, 'LoginClosed', corp.loginId)).toHaveLength(1);
  expect(await data(house, 'TemporaryTokenRevoked')).toMatchObject([{ reason, how }]);
  expect(await data(house, 'TemporaryTokenRevoked', corpToken)).toHaveLength(1);
});

it('a user who was disabled while nobody listened loses logins in the sweep', async () => {
  const { house, node } = await twoWaysIn(false);
  await house.apply(resource('User', 'alice', '{disabled: true}'));
  await sweepPasses({ tools: node.tools, views: node.views, ...node.custody });
  expect(await data(house, 'LoginClosed')).toMatchObject([{ reason: 'user-disabled' }, { reason: 'user-disabled' }]);
});

it('what is personal of an identity is read from the log while it is linked', async () => {
  const { node, alice, identityId } = await twoWaysIn(false);
  const known = { subject: 'subject-1', username: 'alice', email: null, attributes: {} };
  expect(await knownIdentity(node.tools.log, identityId)).toEqual(known);
  await unlinked(node, identityId, alice);
  expect(await knownIdentity(node.tools.log, identityId)).toBeNull();
  const nobody = `identity-${'0'.repeat(64)}` satisfies IdentityId;
  expect(await knownIdentity(node.tools.log, nobody)).toBeNull();
});

it.each(['token', 'key'] as const)('a %s that is made while its login is ended goes with it', async (kind) => {
  const house = await openHouse();
  const { node, alice } = house;
  const { loginId, secret } = await loggedIn(node, alice, await linked(node, alice));
  const logins = { tools: node.tools, views: node.views, ...node.custody };
  const viewer = await viewerOf(logins, new LoginActivity(), secret);
  if (viewer === null) throw new Error('not logged in');
  const context = { actor: { kind: 'system' as const, nodeId: null }, correlationId: 'c', causationId: null };
  const close = (at: string) => ({
    type: 'close' as const,
    reason: 'provider-logout' as const,
    how: 'notice' as const,
    at,
  });
  // Just before the pass is there: whoever ends the login finds none.
  const log = instead(node.tools.log, {
    append: async (stream, expected, events) => {
      if (stream.startsWith(`${kind}-`)) await runCommand(node.tools, loginDecider, loginId, context, close);
      return node.tools.log.append(stream, expected, events);
    },
  });
  const tools = { ...node.tools, log };
  const key = ownKey();
  const wish = { ttlSeconds: 60, freshFactor: null };
  const made =
    kind === 'token'
      ? await issueTemporaryToken({ ...logins, tools, zone: 'UTC' }, viewer, { ...wish, protocols: null, target: null })
      : await registerPublicKey({ ...keyToolsOf(house), tools }, viewer, {
          ...wish,
          publicKey: key.line,
          proof: await proofOf(house, key, viewer),
        });
  expect(made).toMatchObject({ ok: false, errors: [{ code: 'login-ended' }] });
  const type = kind === 'token' ? 'TemporaryTokenRevoked' : 'PublicKeyRevoked';
  expect(await data(house, type)).toMatchObject([{ reason: 'provider-logout', how: 'notice' }]);
});

it('a notice of a logout ends what rests on the identity, and says nothing of how the person stands', async () => {
  const { house, node, corp, corpToken, localToken, identityId, resting, other } = await twoWaysIn();
  const notices = new Map<string, LogoutNotice>([
    ['good', { ok: true, subject: 'subject-1' }],
    ['of nobody here', { ok: true, subject: 'somebody else' }],
    ['forged', { ok: false, reason: 'untrusted', detail: 'it proves nothing' }],
    ['unchecked', { ok: false, reason: 'unavailable', detail: 'away' }],
  ]);
  const corporate = {
    logoutNotice: (token: string) => Promise.resolve(notices.get(token)),
  } as unknown as RedirectProvider;
  const providers = { redirect: (name: string) => Promise.resolve(name === 'corp' ? corporate : null) };
  const processLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const deps = { tools: node.tools, views: node.views, ...node.custody, providers, processLog };
  expect(await providerNotice(deps, 'corp', 'forged')).toBe(false);
  expect(await providerNotice(deps, 'other', 'good')).toBe(false);
  await expect(providerNotice(deps, 'corp', 'unchecked')).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await providerNotice(deps, 'corp', 'of nobody here')).toBe(true);
  expect(await data(house, 'LoginClosed')).toEqual([]);

  expect(await providerNotice(deps, 'corp', 'good')).toBe(true);
  // Before the provider is answered.
  expect(await data(house, 'LoginClosed', corp.loginId)).toEqual([{ reason: 'provider-logout', how: 'notice' }]);
  expect(await data(house, 'TemporaryTokenRevoked', corpToken)).toMatchObject([{ reason: 'provider-logout' }]);
  await until(() => resting.told.length > 0, { what: 'the cut' });
  await until(async () => (await data(house, 'SessionEnded')).length === 1, { what: 'the end of the session' });
  expect(await data(house, 'SessionEnded')).toMatchObject([{ reason: 'provider-logout', how: 'notice' }]);
  expect(other.told).toEqual([]);
  expect(await house.types(localToken)).toEqual(['TemporaryTokenIssued', 'SessionAdmitted']);
  const again = await loggedIn(node, house.alice, identityId);
  expect(await ask(house, await tokenOf(node, house.alice, again.loginId)).admission).toMatchObject({ ok: true });
});
