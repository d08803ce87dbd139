import { expect, it } from 'vitest';
import { closeLogin } from '../../../src/application/identities/end-identity.ts';
import { endPasses, type EndPassesTools, sweepPasses } from '../../../src/application/reactions/end-passes.ts';
import { openLoginOn } from '../../../src/application/authentication/open-login.ts';
import { StreamWriter } from '../../../src/application/commands/run-command.ts';
import { applyResources } from '../../../src/application/resources/apply.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import { type IdentityId, type LoginId, streamId, type TokenId } from '../../../src/domain/kernel/ids.ts';
import { tokenDecider } from '../../../src/domain/token/decider.ts';
import type { House } from '../kit/house.ts';
import { instead } from '../kit/house.ts';
import { type LoginDesk, openDesk, password } from '../kit/login-desk.ts';

const fresh = 'a much better password';
const alice = `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {password: ${fresh}}`;

const toolsOf = ({ node }: House): EndPassesTools => ({ tools: node.tools, views: node.views, ...node.custody });

async function byPassword(desk: LoginDesk): Promise<LoginId> {
  const progress = await desk.login('alice', password);
  if (progress.status !== 'success') throw new Error('no login');
  return progress.login.loginId;
}

/** One that rests on what a provider said. */
async function byProvider({ house, deps }: LoginDesk): Promise<LoginId> {
  const authenticationId = streamId('authentication', house.node.tools.ids.uuid());
  const identityId: IdentityId = `identity-${'d'.repeat(64)}`;
  const basis = {
    userId: house.alice,
    authenticationId,
    source: '192.0.2.7',
    factors: [],
    provider: 'corp',
    identityId,
  };
  return (await openLoginOn(deps, basis, 'cli', null)).loginId;
}

async function tokenIn({ node: { tools }, alice: userId }: House, loginId: LoginId): Promise<TokenId> {
  const tokenId = streamId('token', tools.ids.uuid());
  const context = { actor: { kind: 'user', userId } as const, correlationId: tools.ids.uuid(), causationId: null };
  const token = { userId, loginId, scope: { protocols: null, targetId: null } };
  await new StreamWriter(tools, tokenDecider, tokenId).run(context, (at) => ({
    type: 'issue',
    token,
    ttlMilliseconds: 3_600_000,
    at,
  }));
  return tokenId;
}

async function ended({ house }: LoginDesk): Promise<readonly string[]> {
  const events = [...(await house.events('LoginClosed')), ...(await house.events('TemporaryTokenRevoked'))];
  for (const { data } of events) expect(data).toMatchObject({ reason: 'password-set', how: null });
  return events.map(({ stream }) => stream).sort();
}

async function react({ house }: LoginDesk): Promise<void> {
  const event = (await house.events('UserPasswordSet')).at(-1);
  if (event === undefined) throw new Error('no event');
  await endPasses(toolsOf(house)).react(event);
  await endPasses(toolsOf(house)).react(event);
}

async function byLink({ house, face }: LoginDesk): Promise<void> {
  const admin = house.viewer({ permissions: ['self', 'administer'] });
  const offer = await face.offerPasswordReset(admin, 'alice');
  expect(await face.resetPassword({ link: offer.ok ? offer.link : '', password: fresh })).toEqual({ ok: true });
}

async function byApply({ house }: LoginDesk, viewer: Viewer | null = null): Promise<void> {
  const by = viewer ?? { system: null };
  const applied = await applyResources(house.node.resources, by, alice, { setSecrets: true });
  if ('problems' in applied) throw new Error(JSON.stringify(applied.problems));
}

it.each([
  { way: 'a link', set: byLink, follow: react },
  { way: 'an administrator', set: byApply, follow: react },
  {
    way: 'an administrator, just before a crash',
    set: byApply,
    follow: ({ house }: LoginDesk) => sweepPasses(toolsOf(house)),
  },
])('a password set by $way ends what rests on the one before, and nothing else', async ({ set, follow }) => {
  const desk = await openDesk();
  const [one, other, elsewhere] = [await byPassword(desk), await byPassword(desk), await byProvider(desk)];
  const token = await tokenIn(desk.house, one);
  await tokenIn(desk.house, elsewhere);
  desk.clock.move(1_000);
  await set(desk);
  await follow(desk);
  expect(await ended(desk)).toEqual([one, other, token].sort());

  desk.clock.move(1_000);
  expect(await desk.login('alice', fresh)).toMatchObject({ status: 'success' });
  await follow(desk);
  await sweepPasses(toolsOf(desk.house));
  expect(await ended(desk), 'what rests on the new one stays').toHaveLength(3);
});

it('who sets their own password by apply stays in the login that asks, and only there', async () => {
  const desk = await openDesk();
  const [own, other] = [await byPassword(desk), await byPassword(desk)];
  await tokenIn(desk.house, own);
  desk.clock.move(1_000);
  await byApply(desk, desk.house.viewer({ loginId: own, permissions: ['self', 'administer'] }));
  await react(desk);
  await sweepPasses(toolsOf(desk.house));
  expect(await ended(desk)).toEqual([other]);
});

it("an administrator who sets somebody else's password keeps none of their logins", async () => {
  const desk = await openDesk();
  const login = await byPassword(desk);
  const boss = streamId('user', desk.house.node.tools.ids.uuid());
  await byApply(desk, desk.house.viewer({ userId: boss, loginId: login, permissions: ['self', 'administer'] }));
  await react(desk);
  expect(await ended(desk)).toEqual([login]);
});

it('a password that is replaced between its check and the login opens none', async () => {
  const desk = await openDesk();
  const { passwords } = desk.deps;
  const replaced = instead(passwords, {
    verify: async (hash, answer) => {
      const right = await passwords.verify(hash, answer);
      await byApply(desk);
      return right;
    },
  });
  const racing = await openDesk({ passwords: replaced }, desk.clock, desk.house);
  expect(await racing.login('alice', password)).toMatchObject({ status: 'failed', mustChange: false });
  expect(await ended(desk)).toHaveLength(1);
});

it('a login that is opened from one that is ended meanwhile ends with it, for the same reason', async () => {
  const desk = await openDesk();
  const parent = await byPassword(desk);
  const { tools } = desk.house.node;
  const loginProofs = instead(desk.deps.loginProofs, {
    issue: async (...given) => {
      const cause = { correlationId: tools.ids.uuid(), causationId: null };
      await closeLogin(tools, parent, { reason: 'password-set', how: null }, cause);
      return desk.deps.loginProofs.issue(...given);
    },
  });
  const racing = await openDesk({ loginProofs }, desk.clock, desk.house);
  const viewer = desk.house.viewer({ loginId: parent });
  await expect(racing.face.openLoginFor(viewer, { door: 'cli', source: '192.0.2.7' })).rejects.toThrow(/has ended/);
  expect(await ended(desk)).toHaveLength(2);
});
