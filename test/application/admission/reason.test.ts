import { expect, it } from 'vitest';
import { reachable } from '../../../src/application/admission/reachable.ts';
import { reach } from '../../../src/application/commands/reach.ts';
import type { VerifiedPass } from '../../../src/application/admission/door.ts';
import type { AdmittedSession } from '../../../src/domain/kernel/pass.ts';
import type { SessionOpened, SessionRefused } from '../../../src/domain/session/events.ts';
import { until } from '../../kit/until.ts';
import { ask, type House, openHouse } from '../kit/house.ts';

const condition = (expression: string, kind = 'reason'): string => `
apiVersion: sallyport/v1
kind: Condition
metadata: {name: ticket}
spec: {expression: '${expression}', remedy: {kind: ${kind}, text: "a ticket number, as OPS-123"}}
`;
const entitlement = `
apiVersion: sallyport/v1
kind: Entitlement
metadata: {name: box}
spec: {access: {targets: [box]}, conditions: [ticket]}
`;
const wantsTicket = 'claims.user.reason.startsWith("OPS-")';

async function houseThatAsks(expression = wantsTicket, kind = 'reason'): Promise<House> {
  const house = await openHouse();
  await house.apply(`${condition(expression, kind)}---${entitlement}`);
  return house;
}

async function opened(house: House): Promise<readonly SessionOpened['data'][]> {
  return (await house.events('SessionOpened')).map(({ data }) => data as SessionOpened['data']);
}

it('says which reason is missing, and opens with it: the reason is in the opening', async () => {
  const house = await houseThatAsks();
  const tokenId = await house.token();
  expect(await ask(house, tokenId).admission).toEqual({
    ok: false,
    asks: 'a ticket number, as OPS-123',
    message:
      'access to box needs a reason (a ticket number, as OPS-123): log in as alice without a target, and the menu asks for it',
  });
  expect(await ask(house, tokenId, { reason: 'because' }).admission).toEqual({
    ok: false,
    asks: 'a ticket number, as OPS-123',
    message: 'access to box needs another reason than the one that was given: a ticket number, as OPS-123',
  });
  expect(await opened(house)).toEqual([]);
  const refused = (await house.events('SessionRefused')).map(({ data }) => data as SessionRefused['data']);
  expect(refused).toMatchObject([{ reason: 'reason-needed' }, { reason: 'reason-needed' }]);
  expect(JSON.stringify(refused)).not.toContain('because');
  expect(await ask(house, tokenId, { reason: ' OPS-7:\ndisk full ' }).admission).toMatchObject({ ok: true });
  expect(await opened(house)).toMatchObject([{ reason: 'OPS-7: disk full' }]);
});

it('is part of the claims: another reason is another digest', async () => {
  const house = await houseThatAsks();
  const tokenId = await house.token();
  for (const reason of ['OPS-1', 'OPS-2']) await ask(house, tokenId, { reason }).admission;
  const [one, two] = (await house.events('SessionAdmitted')).map(({ data }) => data as AdmittedSession);
  expect(one?.claimsDigest).toMatch(/^[0-9a-f]{64}$/);
  expect(two?.claimsDigest).not.toBe(one?.claimsDigest);
});

it('what looks like a secret is no reason', async () => {
  const house = await houseThatAsks('claims.user.reason != ""');
  const reason = `spt_${'a'.repeat(30)}`;
  expect(await ask(house, await house.token(), { reason }).admission).toMatchObject({ ok: false });
  expect(await opened(house)).toEqual([]);
});

it('a session goes on by the reason it was opened with, and ends when that is not enough any more', async () => {
  const house = await houseThatAsks();
  const tokenId = await house.token();
  // They are asked again in this order.
  const [second, first] = [ask(house, tokenId, { reason: 'OPS-2' }), ask(house, tokenId, { reason: 'OPS-1' })];
  expect(await Promise.all([second.admission, first.admission])).toMatchObject([{ ok: true }, { ok: true }]);
  await house.apply(condition('claims.user.reason == "OPS-2"'));
  await until(() => first.told.length > 0, { what: 'the end' });
  expect(first.told).toMatchObject([{ reason: 'entitlement-lost' }]);
  expect(second.told).toEqual([]);
});

it('lists say that a reason is needed, or what else the condition says', async () => {
  const house = await houseThatAsks();
  const pass = { passId: await house.token(), userId: house.alice, userName: 'alice' } as VerifiedPass;
  const menu = () =>
    reachable({ ...house.node.admission, views: house.node.views }, { pass, protocol: 'ssh', source: '127.0.0.1' });
  const said = 'needs a reason: a ticket number, as OPS-123';
  expect(await menu()).toMatchObject({
    open: [{ reason: said, asks: 'a ticket number, as OPS-123', recording: null }],
  });
  expect(await reach(house.node.admission, house.viewer())).toMatchObject([{ allowed: false, reason: said }]);
  await house.apply(condition('false', 'message'));
  expect(await menu()).toMatchObject({ open: [{ reason: 'a ticket number, as OPS-123', asks: null }] });
  expect(await ask(house, pass.passId, { reason: 'OPS-1' }).admission).toEqual({
    ok: false,
    message: 'access to box is not allowed now: a ticket number, as OPS-123',
  });
});
