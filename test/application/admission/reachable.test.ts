import { expect, it } from 'vitest';
import type { Reachable, VerifiedPass } from '../../../src/application/admission/door.ts';
import { reachable } from '../../../src/application/admission/reachable.ts';
import type { TargetId, TokenId } from '../../../src/domain/kernel/ids.ts';
import { ask, down, type House, instead, openHouse } from '../kit/house.ts';

function wishOf(house: House, tokenId: TokenId): Parameters<typeof reachable>[1] {
  const pass = { passId: tokenId, userId: house.alice, userName: 'alice' } as VerifiedPass;
  return { pass, protocol: 'ssh', source: '127.0.0.1' };
}

async function listed(house: House, tokenId: TokenId): Promise<readonly Reachable[]> {
  const reach = await reachable({ ...house.node.admission, views: house.node.views }, wishOf(house, tokenId));
  if (!reach.ok) throw new Error('nothing could be listed');
  return reach.open;
}

/** Another target with an account of its own; entitled unless the entitlement says otherwise. */
const second = (spec = 'access: {targets: [den]}', labels = '{}'): string => `
apiVersion: sallyport/v1
kind: Target
metadata: {name: den, labels: ${labels}}
spec: {protocol: ssh, address: "127.0.0.1:23", trust: {hostKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJWqDa9zWUSuQPMSr4l0RxUqXQ0jxgnHqOkyWmEUUb8c"]}}
---
apiVersion: sallyport/v1
kind: Account
metadata: {name: den}
spec: {target: den, username: deploy, credential: {password: box}}
---
apiVersion: sallyport/v1
kind: Entitlement
metadata: {name: den}
spec: {${spec}}
---
apiVersion: sallyport/v1
kind: Policy
metadata: {name: more}
spec: {assign: "true", entitlements: [den]}
`;

const box = {
  target: 'box',
  account: 'root',
  labels: {},
  reason: null,
  asks: null,
  recording: 'required',
  lastUsedAt: null,
};

it('names what admission would open, with labels and what is recorded', async () => {
  const house = await openHouse();
  const tokenId = await house.token();
  expect(await listed(house, tokenId)).toEqual([box]);
  await house.apply(second('access: {targets: [den]}, recording: "off"', '{tier: web}'));
  expect(await listed(house, tokenId)).toEqual([
    box,
    { ...box, target: 'den', account: 'deploy', labels: { tier: 'web' }, recording: 'off' },
  ]);
});

it('leaves out what no entitlement names, and says what stands against the rest', async () => {
  const house = await openHouse();
  const tokenId = await house.token();
  await house.apply(second('access: {labels: {tier: none}}'));
  expect(await listed(house, tokenId)).toEqual([box]);
  await house.apply(second('access: {targets: [den]}, approval: {by: [ops], any: true}'));
  const [, den] = await listed(house, tokenId);
  expect(den).toMatchObject({ target: 'den', recording: null });
  expect(den?.reason).toContain('approval');
});

it('says of a target whose host key nobody has confirmed that it is so; admission lets it be tried', async () => {
  const house = await openHouse();
  const tokenId = await house.token();
  await house.apply(second().replace(/, trust: .*\}\}/, '}'));
  const reason = 'an administrator must confirm its host key first';
  expect(await listed(house, tokenId)).toEqual([box, { ...box, target: 'den', account: 'deploy', reason }]);
  expect((await ask(house, tokenId, { destination: { target: 'den', account: null } }).admission).ok).toBe(true);
  await house.apply(
    second('access: {targets: [den]}, approval: {by: [ops], any: true}').replace(/, trust: .*\}\}/, '}'),
  );
  expect((await listed(house, tokenId))[1]?.reason).toMatch(new RegExp(`approval.*; ${reason}`));
});

it('keeps to the scope of the token, and ends with it', async () => {
  const house = await openHouse();
  await house.apply(second());
  const [row] = house.node.views.targetCatalogue.find({ where: { kind: 'target', name: 'den' }, limit: 1 });
  const tokenId = await house.token({ targetId: row?.id as TargetId });
  expect((await listed(house, tokenId)).map(({ target }) => target)).toEqual(['den']);
  await house.revoke(tokenId);
  expect(await listed(house, tokenId)).toEqual([]);
});

it('is empty for a person who is disabled', async () => {
  const house = await openHouse();
  const tokenId = await house.token();
  await house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {disabled: true}');
  expect(await listed(house, tokenId)).toEqual([]);
});

it('knows when the person was there last', async () => {
  const house = await openHouse();
  await house.apply(second());
  const tokenId = await house.token();
  const admission = await ask(house, tokenId, { destination: { target: 'den', account: null } }).admission;
  if (!admission.ok) throw new Error(admission.message);
  await admission.session.end('closed-by-client');
  await house.node.views.sessionHistory.reached(await house.node.tools.log.head(), 5000);
  const [opened] = await house.events('SessionOpened');
  expect((await listed(house, tokenId)).map(({ target, lastUsedAt }) => [target, lastUsedAt])).toEqual([
    ['box', null],
    ['den', opened?.metadata.at],
  ]);
});

it('an error is no list', async () => {
  const house = await openHouse();
  const tokenId = await house.token();
  const directory = instead(house.node.views.directory, { reached: () => Promise.reject(down()) });
  const deps = { ...house.node.admission, views: { ...house.node.views, directory } };
  expect(await reachable(deps, wishOf(house, tokenId))).toEqual({ ok: false });
});
