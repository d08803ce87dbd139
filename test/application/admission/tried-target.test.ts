import { describe, expect, it } from 'vitest';
import { ask, type House, openHouse } from '../kit/house.ts';

describe('the audit knows the target that was tried', () => {
  const boxOf = (house: House) =>
    house.node.views.targetCatalogue.find({ where: { kind: 'target', name: 'box' }, limit: 1 })[0]?.id;
  const tried = async (house: House, target: string, deps = house.node.admission): Promise<unknown> => {
    const destination = { target, account: null };
    expect(await ask(house, await house.token(), { destination }, deps).admission).toMatchObject({ ok: false });
    return (await house.events('SessionRefused')).at(-1)?.data;
  };
  it.each([
    ['that was withdrawn', { remove: true, deps: {} }],
    ['before anything was decided about it', { remove: false, deps: { sessionsPerUser: 0 } }],
  ])('%s', async (_, { remove, deps }) => {
    const house = await openHouse();
    const targetId = boxOf(house);
    if (remove) {
      await house.remove('Policy', 'everybody');
      for (const kind of ['Entitlement', 'Account', 'Target'] as const) await house.remove(kind, 'box');
    }
    expect(await tried(house, 'box', { ...house.node.admission, ...deps })).toMatchObject({ targetId });
  });
  it('and keeps nothing of a name that no target ever had: it may be a password', async () => {
    const house = await openHouse();
    const typed = await tried(house, 'hunter2-by-mistake');
    expect(typed).toMatchObject({ targetId: null });
    expect(JSON.stringify(await house.events('SessionRefused'))).not.toContain('hunter2');
  });
});
