import { expect, it } from 'vitest';
import { StreamWriter } from '../../../src/application/commands/run-command.ts';
import { endPasses, type EndPassesTools, sweepPasses } from '../../../src/application/reactions/end-passes.ts';
import { streamId, type TokenId } from '../../../src/domain/kernel/ids.ts';
import { loginDecider } from '../../../src/domain/login/decider.ts';
import { type House, instead, openHouse } from '../kit/house.ts';
import { loggedIn } from '../kit/identity.ts';
import { ownKey, registered } from '../kit/own-key.ts';
import { movingClock } from '../kit/moving-clock.ts';

const hour = 3_600_000;
const end = '2026-01-02T04:04:05.000Z';

function toolsOf({ node }: House): EndPassesTools {
  return { tools: node.tools, views: node.views, ...node.custody };
}

async function proven(house: House, tokenId: TokenId, expiresAt = end): Promise<TokenId> {
  const { custody, tools } = house.node;
  const subject = { tokenId, userId: house.alice, protocols: null, expiresAt };
  await custody.proofs.issue(subject, 'alice', await tools.now());
  return tokenId;
}

async function provenIds(house: House): Promise<readonly string[]> {
  return (await house.node.custody.proofs.list()).map(({ tokenId }) => tokenId).sort();
}

const disable = 'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {disabled: true}';

it('drops what proves a revoked token', async () => {
  const house = await openHouse(movingClock());
  const [one, other] = [await proven(house, await house.token()), await proven(house, await house.token())];
  await house.revoke(one);
  const [revoked] = await house.events('TemporaryTokenRevoked');
  if (revoked === undefined) throw new Error('no event');
  await endPasses(toolsOf(house)).react(revoked);
  await endPasses(toolsOf(house)).react(revoked);
  expect(await provenIds(house)).toEqual([other]);
});

it('drops what proves a closed login', async () => {
  const house = await openHouse(movingClock());
  const { tools, custody } = house.node;
  const { loginId, secret } = await loggedIn(house.node, house.alice, null);
  const context = { actor: { kind: 'user' as const, userId: house.alice }, correlationId: 'c', causationId: null };
  await new StreamWriter(tools, loginDecider, loginId).run(context, (at) => ({ type: 'close', reason: 'logout', at }));
  const [closed] = await house.events('LoginClosed');
  if (closed === undefined) throw new Error('no event');
  await endPasses(toolsOf(house)).react(closed);
  expect(await custody.loginProofs.verify(secret)).toBeNull();
});

it.each([
  { what: 'disabled', act: (house: House) => house.apply(disable), type: 'UserDisabled', reason: 'user-disabled' },
  {
    what: 'removed',
    act: (house: House) => house.remove('User', 'alice'),
    type: 'UserRemoved',
    reason: 'user-removed',
  },
])('revokes every token and key of a person who is $what, once', async ({ act, type, reason }) => {
  const house = await openHouse(movingClock());
  const tokens = [await house.token(), await house.token()];
  const key = await registered(house, ownKey());
  await act(house);
  const [event] = await house.events(type);
  if (event === undefined) throw new Error('no event');
  await endPasses(toolsOf(house)).react(event);
  await endPasses(toolsOf(house)).react(event);
  const revoked = await house.events('TemporaryTokenRevoked');
  expect(revoked.map(({ stream }) => stream).sort()).toEqual(tokens.sort());
  expect(revoked[0]).toMatchObject({ data: { reason }, metadata: { causationId: event.id } });
  expect(await house.events('PublicKeyRevoked')).toMatchObject([
    { stream: key.id, data: { reason }, metadata: { causationId: event.id } },
  ]);
});

it('a token that is made while the logins of its person are closed goes with them', async () => {
  const house = await openHouse(movingClock());
  const { tools } = house.node;
  const { loginId } = await loggedIn(house.node, house.alice, null);
  await house.apply(disable);
  const made: TokenId[] = [];
  const log: typeof tools.log = instead(tools.log, {
    append: async (stream, expected, events) => {
      if (stream === loginId && made.length === 0) made.push(await house.token());
      return tools.log.append(stream, expected, events);
    },
  });
  const [event] = await house.events('UserDisabled');
  if (event === undefined) throw new Error('no event');
  // A view that is not a bit ahead of what was asked of it.
  const { activeTokens } = house.node.views;
  let known = new Set<TokenId>();
  const behind: typeof activeTokens = instead(activeTokens, {
    reached: async (head, milliseconds) => {
      await activeTokens.reached(head, milliseconds);
      known = new Set(activeTokens.find({ limit: 100 }).map(({ tokenId }) => tokenId));
    },
    find: (query) => activeTokens.find(query).filter(({ tokenId }) => known.has(tokenId)),
  });
  const views = { ...toolsOf(house).views, activeTokens: behind };
  await endPasses({ ...toolsOf(house), views, tools: { ...tools, log } }).react(event);
  expect(made).toHaveLength(1);
  expect((await house.types(made[0] ?? loginId)).at(-1)).toBe('TemporaryTokenRevoked');
});

it('sweeps what a crash kept the reaction from: tokens of the disabled do not live again with their person', async () => {
  const house = await openHouse(movingClock());
  const tokenId = await house.token();
  const key = await registered(house, ownKey());
  await house.apply(disable);
  await sweepPasses(toolsOf(house));
  expect(await house.types(key.id)).toEqual(['PublicKeyRegistered', 'PublicKeyRevoked']);
  expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued', 'TemporaryTokenRevoked']);
});

it('sweeps proofs of passes that are over, and keeps those of passes that are being made', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { tools, custody } = house.node;
  const live = await proven(house, await house.token({}, 2 * hour), '2026-01-02T05:04:05.000Z');
  const revoked = await proven(house, await house.token());
  await house.revoke(revoked);
  const making = await proven(house, streamId('token', tools.ids.uuid()));
  const loginId = streamId('login', tools.ids.uuid());
  await custody.loginProofs.issue(loginId, end);
  await sweepPasses(toolsOf(house));
  expect(await provenIds(house)).toEqual([live, making].sort());
  expect(await custody.loginProofs.list()).toHaveLength(1);
  clock.move(hour);
  await sweepPasses(toolsOf(house));
  expect(await provenIds(house)).toEqual([live]);
  expect(await custody.loginProofs.list()).toEqual([]);
});
