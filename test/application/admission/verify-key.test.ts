import { expect, it } from 'vitest';
import type { PassShown } from '../../../src/application/admission/door.ts';
import { verifyPass, type VerifyPassTools } from '../../../src/application/admission/verify-pass.ts';
import { keyKind } from '../../../src/application/admission/registered-key.ts';
import { runCommand } from '../../../src/application/commands/run-command.ts';
import { revokePass } from '../../../src/application/commands/passes.ts';
import type { RegisteredKey } from '../../../src/application/ports/application-face.ts';
import { streamId, type UserId } from '../../../src/domain/kernel/ids.ts';
import { nameDecider } from '../../../src/domain/name/decider.ts';
import { until } from '../../kit/until.ts';
import { ask, type House, openHouse } from '../kit/house.ts';
import { loneBrake } from '../kit/guessing.ts';
import { movingClock } from '../kit/moving-clock.ts';
import { keyToolsOf, type OwnKey, ownKey, registered } from '../kit/own-key.ts';

interface Ready {
  readonly house: House;
  readonly deps: VerifyPassTools;
  readonly own: OwnKey;
  readonly key: RegisteredKey;
  readonly move: (milliseconds: number) => void;
}

const hour = 3_600_000;
const bob = 'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {password: another long password}';

async function withKey(): Promise<Ready> {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { custody, admission } = house.node;
  const own = ownKey();
  const key = await registered(house, own);
  const deps = { ...keyToolsOf(house), proofs: custody.proofs, processLog: admission.processLog, brake: loneBrake() };
  return { house, deps, own, key, move: (milliseconds) => clock.move(milliseconds) };
}

function shown(own: OwnKey, over: Partial<PassShown> = {}): PassShown {
  return { door: 'ssh', source: '192.0.2.7', userName: 'alice', transcript: own.sign(), ...over };
}

it('knows a key by the signature that it made, and notes nothing', async () => {
  const { house, deps, own, key } = await withKey();
  expect(await verifyPass(deps, shown(own))).toMatchObject({
    pass: { passId: key.id, userId: house.alice, userName: 'alice' },
  });
  expect(await house.events('PassRefused')).toEqual([]);
});

const cases: readonly {
  readonly reason: string;
  readonly when: string;
  readonly before?: (ready: Ready) => unknown;
  readonly over?: (ready: Ready) => Partial<PassShown>;
}[] = [
  {
    reason: 'bad-signature',
    when: 'the signature is over other bytes, as those of another session',
    over: ({ own }) => ({ transcript: own.sign({ signed: Buffer.from('another session') }) }),
  },
  {
    reason: 'bad-signature',
    when: 'the signature is of another key',
    over: ({ own }) => ({ transcript: ownKey().sign({ key: own.blob }) }),
  },
  {
    reason: 'bad-signature',
    when: 'nobody has the name, and the signature is wrong',
    over: ({ own }) => ({ userName: 'mallory', transcript: own.sign({ signature: Buffer.alloc(0) }) }),
  },
  { reason: 'malformed', when: 'the login name cannot be read', over: () => ({ userName: '' }) },
  { reason: 'unknown-user', when: 'nobody has the name', over: () => ({ userName: 'mallory' }) },
  { reason: 'no-match', when: 'the key is no pass', over: () => ({ transcript: ownKey().sign() }) },
  {
    reason: 'no-match',
    when: 'it is the key of somebody else',
    before: ({ house }) => house.apply(bob),
    over: () => ({ userName: 'bob' }),
  },
  {
    reason: 'revoked',
    when: 'it was revoked',
    before: ({ house, key }) => revokePass(house.node, house.viewer(), key.id),
  },
  { reason: 'expired', when: 'it has expired', before: ({ move }) => move(hour) },
  { reason: 'wrong-protocol', when: 'it is shown at another door', over: () => ({ door: 'postgres' }) },
  {
    reason: 'disabled',
    when: 'the person is disabled',
    before: ({ house }) =>
      house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {disabled: true}'),
  },
];

it.each(cases)('refuses with $reason when $when, and notes it once', async ({ reason, before, over }) => {
  const ready = await withKey();
  await before?.(ready);
  expect(await verifyPass(ready.deps, shown(ready.own, over?.(ready)))).toBeNull();
  expect(await ready.house.events('PassRefused')).toMatchObject([{ data: { reason, source: '192.0.2.7' } }]);
});

it('takes no reservation for a registration: the pass that holds a key must have been made for it', async () => {
  const { house, deps, key } = await withKey();
  const other = ownKey();
  const nameKey = deps.nameKeys.nameKey(keyKind, deps.publicKeys.fingerprint(other.blob));
  const context = { actor: { kind: 'system' as const, nodeId: null }, correlationId: 'c', causationId: null };
  const reserve = { type: 'reserve', kind: keyKind, holder: key.id } as const;
  await runCommand(deps.tools, nameDecider, streamId('name', nameKey), context, reserve);
  expect(await verifyPass(deps, shown(other))).toBeNull();
  expect(await house.events('PassRefused')).toMatchObject([{ data: { reason: 'no-match' } }]);
});

it('leads to the one who holds the key now, after it has changed hands', async () => {
  const { house, deps, own, key, move } = await withKey();
  await house.apply(bob);
  const [row] = house.node.views.directory.find({ where: { kind: 'user', name: 'bob' }, limit: 1 });
  const userId = row?.id as UserId;
  move(hour);
  const next = await registered(house, own, house.viewer({ userId, userName: 'bob' }));
  expect(await verifyPass(deps, shown(own))).toBeNull();
  expect(await verifyPass(deps, shown(own, { userName: 'bob' }))).toMatchObject({
    pass: { passId: next.id, userId },
  });
  expect(next.id).not.toBe(key.id);
});

it('is admitted on its own stream, never after its revocation, and its revocation ends the session', async () => {
  const { house, key } = await withKey();
  const asked = ask(house, key.id);
  const admission = await asked.admission;
  expect(admission).toMatchObject({ ok: true, session: { authorized: { passId: key.id, endsAt: key.expiresAt } } });
  await revokePass(house.node, house.viewer(), key.id);
  await until(() => asked.told.length > 0, { what: 'the cut' });
  expect(asked.told).toMatchObject([
    { reason: 'key-revoked', message: expect.stringContaining('public key') as string },
  ]);
  expect(await ask(house, key.id).admission).toMatchObject({ ok: false });
  expect(await house.types(key.id)).toEqual(['PublicKeyRegistered', 'SessionAdmitted', 'PublicKeyRevoked']);
  expect(await house.events('SessionRefused')).toMatchObject([
    { data: { reason: 'pass-not-live', detail: 'revoked' } },
  ]);
});
