import { expect, it } from 'vitest';
import { ask, openHouse } from '../kit/house.ts';

it('admits nobody any more while the node drains, and says so', async () => {
  const house = await openHouse();
  const before = await ask(house, await house.token()).admission;
  if (!before.ok) throw new Error(before.message);
  house.node.admission.terminations.drain();
  const tokenId = await house.token();
  const admission = await ask(house, tokenId).admission;
  expect(admission).toEqual({ ok: false, message: 'this proxy is shutting down; connect again' });
  expect(await house.types(tokenId)).toEqual(['TemporaryTokenIssued']);
  const refused = { reason: 'unavailable', detail: 'this node is about to stop' };
  expect(await house.events('SessionRefused')).toMatchObject([{ data: refused }]);
  // Nobody waits for who was refused.
  await before.session.end('closed-by-client');
  await house.node.admission.terminations.none();
});
