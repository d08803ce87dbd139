import { expect, it } from 'vitest';
import { closeOrphans } from '../../../src/application/reactions/close-orphans.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { ask, openHouse } from '../kit/house.ts';

it('closes what an earlier boot of this node left open, once, and nothing else', async () => {
  const house = await openHouse();
  const { admission: deps, tools, views } = house.node;
  const boots = { left: deps.node, now: { ...deps.node, bootId: tools.ids.uuid() } };
  const elsewhere = { nodeId: streamId('node', tools.ids.uuid()), bootId: tools.ids.uuid() };
  const opened: string[] = [];
  for (const node of [boots.left, boots.now, elsewhere]) {
    const admission = await ask(house, await house.token(), {}, { ...deps, node }).admission;
    if (admission.ok) opened.push(admission.session.authorized.sessionId);
  }
  expect(opened).toHaveLength(3);
  expect(await closeOrphans(tools, views, boots.now)).toBe(1);
  expect(await closeOrphans(tools, views, boots.now)).toBe(0);
  expect(await house.events('SessionEnded')).toMatchObject([
    {
      stream: opened[0],
      data: { reason: 'node-lost', bytesReceived: null, bytesSent: null },
      metadata: { actor: { kind: 'system' } },
    },
  ]);
});
