import { expect, it } from 'vitest';
import { isLivePass } from '../../../src/application/admission/registered-key.ts';
import { readPass, runOnPass } from '../../../src/application/commands/pass-streams.ts';
import { revokePass } from '../../../src/application/commands/passes.ts';
import type { EventLog } from '../../../src/application/ports/event-log.ts';
import { type PassId, streamId } from '../../../src/domain/kernel/ids.ts';
import { type House, instead, openHouse } from '../kit/house.ts';
import { keyToolsOf, ownKey, registered } from '../kit/own-key.ts';

/** The log of the house, and how many events were read from it stream by stream. */
function counted(house: House): { readonly log: EventLog; readonly take: () => number } {
  let events = 0;
  const real = house.node.tools.log;
  const log = instead(real, {
    readStream: async (...given) => {
      const read = await real.readStream(...given);
      events += read.length;
      return read;
    },
  });
  const take = (): number => {
    const before = events;
    events = 0;
    return before;
  };
  return { log, take };
}

const admission = (house: House) => ({
  sessionId: streamId('session', house.node.tools.ids.uuid()),
  userId: house.alice,
  targetId: streamId('target', house.node.tools.ids.uuid()),
  accountId: streamId('account', house.node.tools.ids.uuid()),
  protocol: 'ssh' as const,
  entitlement: { id: streamId('entitlement', house.node.tools.ids.uuid()), version: 1 },
  policyVersion: 'p',
  dialect: 'd',
  claimsDigest: 'c',
  source: '192.0.2.7',
});

async function admitted(house: House, passId: PassId, sessions: number): Promise<void> {
  const { log, ids, now } = house.node.tools;
  const actor = { kind: 'user' as const, userId: house.alice };
  const metadata = { at: await now(), actor, correlationId: ids.uuid(), causationId: null };
  const one = () => ({ id: ids.uuid(), type: 'SessionAdmitted', data: admission(house), metadata });
  for (let done = 0; done < sessions; done += 1_000) {
    const some = Array.from({ length: Math.min(1_000, sessions - done) }, one);
    expect(await log.append(passId, 1 + done, some)).toMatchObject({ ok: true });
  }
}

const context = (house: House) => ({
  actor: { kind: 'user' as const, userId: house.alice },
  correlationId: house.node.tools.ids.uuid(),
  causationId: null,
});

it('reads of a pass with thousands of sessions only what is new, and sees its revocation at once', async () => {
  const house = await openHouse();
  const tokenId = await house.token();
  await admitted(house, tokenId, 5_000);
  const { log, take } = counted(house);
  const tools = { ...house.node.tools, log };
  const admit = () =>
    runOnPass(tools, tokenId, context(house), (at) => ({ type: 'admit', session: admission(house), at }));
  expect((await readPass(tools, tokenId)).status).toBe('issued');
  expect(take()).toBe(5_001);
  expect((await readPass(tools, tokenId)).status).toBe('issued');
  expect(await admit()).toMatchObject({ ok: true, version: 5_002 });
  expect((await readPass(tools, tokenId)).status).toBe('issued');
  expect(take()).toBeLessThan(5);
  await house.revokeElsewhere(tokenId);
  expect((await readPass(tools, tokenId)).status).toBe('revoked');
  expect(await admit()).toMatchObject({ ok: false, rejection: { code: 'revoked' } });
  expect(take()).toBeLessThan(5);
});

it('sees a session that was admitted long ago, and one that another process admits meanwhile', async () => {
  const house = await openHouse();
  const tokenId = await house.token();
  const { log } = counted(house);
  const tools = { ...house.node.tools, log };
  const session = admission(house);
  const admit = (source: string) =>
    runOnPass(tools, tokenId, context(house), (at) => ({ type: 'admit', session: { ...session, source }, at }));
  expect(await admit('192.0.2.7')).toMatchObject({ ok: true, version: 2 });
  // Through the real log, as another process would.
  await runOnPass(house.node.tools, tokenId, context(house), (at) => ({
    type: 'admit',
    session: admission(house),
    at,
  }));
  expect(await admit('192.0.2.7')).toMatchObject({ ok: true, version: 3, events: [] });
  expect(await admit('192.0.2.8')).toMatchObject({ ok: false, rejection: { code: 'session-known' } });
});

it('answers an offered key without the sessions of its pass', async () => {
  const house = await openHouse();
  const deps = keyToolsOf(house);
  const key = ownKey();
  const { id } = await registered(house, key);
  await admitted(house, id, 5_000);
  const { log, take } = counted(house);
  const counting = { ...deps, tools: { ...deps.tools, log } };
  expect(await isLivePass(counting, key.blob)).toBe(true);
  expect(await isLivePass(counting, key.blob)).toBe(true);
  expect(take()).toBeLessThan(5);
  await revokePass({ tools: house.node.tools, views: house.node.views }, house.viewer(), id);
  expect(await isLivePass(counting, key.blob)).toBe(false);
});
