import { expect, it } from 'vitest';
import type { AdmissionRequest, LiveSession } from '../../../src/application/admission/door.ts';
import type { PassId } from '../../../src/domain/kernel/ids.ts';
import type { SessionOpened } from '../../../src/domain/session/events.ts';
import { ask, type House, openHouse } from '../kit/house.ts';

async function opened(house: House, pass: PassId, over: Partial<AdmissionRequest>): Promise<LiveSession> {
  const admission = await ask(house, pass, over).admission;
  if (!admission.ok) throw new Error(admission.message);
  return admission.session;
}

/** In which group each session is, by its place in the log. */
async function groups(house: House): Promise<readonly number[]> {
  const events = await house.events('SessionOpened');
  return events.map(({ data }) => events.findIndex(({ stream }) => stream === (data as SessionOpened['data']).group));
}

it('what one tool has open side by side is one group, under the first; all else is alone', async () => {
  const house = await openHouse();
  await house.apply(
    'apiVersion: sallyport/v1\nkind: Account\nmetadata: {name: second}\nspec: {target: box, username: second, credential: {password: box}}',
  );
  const [pass, other] = [await house.token(), await house.token()];
  const root = { destination: { target: 'box', account: 'root' } };
  const tool = { ...root, client: 'DBeaver 24 - Main' };
  for (const over of [
    tool,
    { ...root, client: 'DBeaver 24 - Metadata' },
    { ...root, client: 'DBeaver 25 - Main' },
    { ...root, client: null },
    { ...tool, source: '127.0.0.2' },
    { ...tool, destination: { target: 'box', account: 'second' } },
    { ...root, client: null },
  ]) {
    await opened(house, pass, over);
  }
  await opened(house, other, tool);
  expect(await groups(house)).toEqual([0, 0, 2, 3, 4, 5, 3, 7]);
});

it('a group is there as long as one of its sessions is', async () => {
  const house = await openHouse();
  const pass = await house.token();
  const [first, second] = [await opened(house, pass, {}), await opened(house, pass, {})];
  await first.end('closed-by-client');
  const third = await opened(house, pass, {});
  await second.end('closed-by-client');
  await third.end('closed-by-client');
  await opened(house, pass, {});
  expect(await groups(house)).toEqual([0, 0, 0, 3]);
});
