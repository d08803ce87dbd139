import { expect, it } from 'vitest';
import { revokePass } from '../../../src/application/commands/passes.ts';
import { issueTemporaryToken, type TokenTools } from '../../../src/application/commands/tokens.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import type { ReadModels } from '../../../src/application/ports/read-models.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { down, type House, instead, openHouse } from '../kit/house.ts';
import { movingClock } from '../kit/moving-clock.ts';

function toolsOf({ node }: House): TokenTools & { readonly views: ReadModels } {
  return { tools: node.tools, proofs: node.custody.proofs, views: node.views, zone: 'UTC' };
}

const wish = { ttlSeconds: 60, protocols: null, target: null, freshFactor: null };

function issue(house: House, viewer: Viewer, over: Partial<Parameters<typeof issueTemporaryToken>[2]> = {}) {
  return issueTemporaryToken(toolsOf(house), viewer, { ...wish, ...over });
}

it('makes ten live tokens at the most, also when eleven are asked for at once; one that ended makes room', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const viewer = house.viewer();
  const results = await Promise.all(Array.from({ length: 12 }, async () => issue(house, viewer)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(10);
  const [refusal] = results.flatMap((result) => (result.ok ? [] : result.errors));
  expect(refusal?.code).toBe('too-many-tokens');
  const [first] = results.flatMap((result) => (result.ok ? [result.token.id] : []));
  if (first === undefined) throw new Error('no token');
  expect(refusal?.message).toContain(first);
  expect(await revokePass(toolsOf(house), viewer, first)).toEqual({ ok: true });
  expect((await issue(house, viewer)).ok).toBe(true);
  expect((await issue(house, viewer)).ok).toBe(false);
  clock.move(60_000);
  expect((await issue(house, viewer)).ok).toBe(true);
});

it.each([0, -1, 0.0001, 8 * 3_600 + 1, Number.NaN, Number.POSITIVE_INFINITY])(
  'refuses to let one live for %d seconds',
  async (ttlSeconds) => {
    const house = await openHouse();
    expect(await issue(house, house.viewer(), { ttlSeconds })).toMatchObject({ errors: [{ code: 'invalid-ttl' }] });
    expect(await house.events('TemporaryTokenIssued')).toEqual([]);
    expect(await house.node.custody.proofs.list()).toEqual([]);
  },
);

it('lets one live for 8 hours when nothing else is asked for', async () => {
  const house = await openHouse(movingClock('2026-01-02T03:00:00.000Z'));
  const issued = await issue(house, house.viewer(), { ttlSeconds: null });
  expect(issued.ok && issued.token.expiresAt).toBe('2026-01-02T11:00:00.000Z');
});

it('leaves nothing that opens when the event cannot be written', async () => {
  const house = await openHouse();
  const deps = toolsOf(house);
  const log = instead(deps.tools.log, { append: () => Promise.reject(down()) });
  await expect(issueTemporaryToken({ ...deps, tools: { ...deps.tools, log } }, house.viewer(), wish)).rejects.toThrow();
  expect(await house.events('TemporaryTokenIssued')).toEqual([]);
  expect((await issue(house, house.viewer())).ok, 'the next wish is not held up').toBe(true);
});

it('narrows to a target by name or id, when the person may reach it; absent and foreign read the same', async () => {
  const house = await openHouse();
  const viewer = house.viewer();
  const [box] = house.node.views.targetCatalogue.find({ where: { kind: 'target' }, limit: 1 });
  const named = await issue(house, viewer, { target: 'box' });
  expect(named.ok && named.token.target).toBe(box?.id);
  expect((await issue(house, viewer, { target: box?.id ?? '' })).ok).toBe(true);
  await house.apply(
    'apiVersion: sallyport/v1\nkind: Policy\nmetadata: {name: everybody}\nspec: {assign: "false", entitlements: [box]}',
  );
  const foreign = await issue(house, viewer, { target: 'box' });
  expect(foreign).toEqual(await issue(house, viewer, { target: 'nowhere' }));
  expect(foreign).toMatchObject({ errors: [{ code: 'not-allowed' }] });
});

it('revokes an own token, anybody else’s only with administer; foreign and absent read the same', async () => {
  const house = await openHouse();
  const tokenId = await house.token();
  const stranger = house.viewer({ userId: streamId('user', house.node.tools.ids.uuid()) });
  const operator: Viewer = { ...stranger, permissions: ['self', 'operate', 'audit'] };
  const unknown = streamId('token', house.node.tools.ids.uuid());
  const absent = await revokePass(toolsOf(house), stranger, unknown);
  for (const viewer of [stranger, operator]) {
    const foreign = await revokePass(toolsOf(house), viewer, tokenId);
    expect(JSON.stringify(foreign).replace(tokenId, unknown)).toBe(JSON.stringify(absent));
  }
  expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued']);
  const admin: Viewer = { ...stranger, permissions: ['self', 'administer'] };
  expect(await revokePass(toolsOf(house), admin, tokenId)).toEqual({ ok: true });
  expect(await revokePass(toolsOf(house), admin, tokenId), 'the same wish twice').toEqual({ ok: true });
  expect(await house.events('TemporaryTokenRevoked')).toMatchObject([{ data: { reason: 'administrator' } }]);
});

it('says that it revoked when only the list lags behind', async () => {
  const house = await openHouse();
  const tokenId = await house.token();
  const deps = toolsOf(house);
  const activeTokens = instead(deps.views.activeTokens, { reached: () => Promise.reject(down()) });
  expect(await revokePass({ ...deps, views: { ...deps.views, activeTokens } }, house.viewer(), tokenId)).toEqual({
    ok: true,
  });
});
