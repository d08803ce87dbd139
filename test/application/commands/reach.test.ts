import { expect, it } from 'vitest';
import { reach } from '../../../src/application/commands/reach.ts';
import { openHouse } from '../kit/house.ts';

it('names each account that is open, with the login name that leads there, and what stands against the others', async () => {
  const house = await openHouse();
  const open = {
    accountId: expect.stringMatching(/^account-/) as unknown,
    targetId: expect.stringMatching(/^target-/) as unknown,
    target: 'box',
    account: 'root',
    protocol: 'ssh',
    login: 'alice~root~box',
    allowed: true,
    reason: null,
    advice: null,
    asks: null,
    recording: 'required',
    labels: {},
  };
  expect(await reach(house.node.admission, house.viewer())).toEqual([open]);
  await house.apply(
    'apiVersion: sallyport/v1\nkind: Target\nmetadata: {name: box}\nspec: {protocol: ssh, address: "127.0.0.1:22"}',
  );
  expect(await reach(house.node.admission, house.viewer())).toEqual([
    {
      ...{ ...open, allowed: false, reason: 'an administrator must confirm its host key first' },
      advice: expect.stringContaining('compare') as unknown,
    },
  ]);
  await house.apply(
    'apiVersion: sallyport/v1\nkind: Entitlement\nmetadata: {name: box}\nspec: {access: {targets: [box]}, approval: {by: [ops], any: true}}',
  );
  expect(await reach(house.node.admission, house.viewer())).toMatchObject([
    {
      ...{ ...open, allowed: false, recording: null, reason: expect.stringContaining('approval') as unknown },
      advice: expect.stringContaining('Ask an administrator how') as unknown,
    },
  ]);
});
