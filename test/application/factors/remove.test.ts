import { expect, test } from 'vitest';
import { dropFactor } from '../../../src/application/factors/remove-factor.ts';
import { endFactors, sweepFactorSecrets } from '../../../src/application/reactions/end-factors.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { loggedInBy } from '../kit/factor-login.ts';
import { factorsIn } from '../kit/factors.ts';
import { openHouse } from '../kit/house.ts';

const bobYaml = `
apiVersion: sallyport/v1
kind: User
metadata: {name: bob}
spec: {password: a long enough password}
`;

async function house() {
  const house = await openHouse();
  await house.apply(bobYaml);
  const { face, deps } = factorsIn(house);
  const viewer = await loggedInBy(house, ['UP', 'OATH']);
  const admin = house.viewer({ userId: streamId('user', deps.tools.ids.uuid()), permissions: ['self', 'administer'] });
  const bob = house.viewer({ userId: streamId('user', deps.tools.ids.uuid()), userName: 'mallory' });
  const drawn = async () => {
    const answer = await face.drawRecoveryCodes(viewer, null);
    if (!answer.ok) throw new Error('refused');
    return answer.factorId;
  };
  return { house, face, deps, viewer, admin, bob, drawn };
}

const no = (code: string): unknown =>
  expect.objectContaining({ ok: false, errors: [expect.objectContaining({ code })] });

test('its owner or an administrator removes a factor, and what proved it goes; for anybody else it is not there', async () => {
  const { house: h, face, deps, viewer, admin, bob, drawn } = await house();
  const factorId = await drawn();
  const refusal = await face.removeFactor(bob, factorId);
  expect(refusal).toEqual(no('absent'));
  const nowhere = streamId('factor', deps.tools.ids.uuid());
  expect(JSON.stringify(await face.removeFactor(bob, nowhere)).replaceAll(nowhere, factorId)).toBe(
    JSON.stringify(refusal),
  );
  expect(await h.events('FactorRemoved')).toEqual([]);

  expect(await face.removeFactor(viewer, factorId)).toEqual({ ok: true });
  expect(await face.removeFactor(viewer, factorId)).toEqual({ ok: true });
  expect(await deps.vault.list('factor/')).toEqual([]);
  expect(await face.ownFactors(viewer)).toEqual([]);
  expect(await face.removeFactor(admin, await drawn())).toEqual({ ok: true });
  const removed = await h.events('FactorRemoved');
  expect(removed.map(({ data }) => data)).toEqual([
    { userId: h.alice, by: 'owner' },
    { userId: h.alice, by: 'administrator' },
  ]);
  expect(removed[1]?.metadata.actor).toEqual({ kind: 'user', userId: admin.userId });
});

test('recovery codes for somebody else are for administrators; others learn nothing of who there is', async () => {
  const { house: h, face, viewer, admin, bob } = await house();
  expect(await face.drawRecoveryCodes(bob, 'alice')).toEqual(no('absent'));
  expect(JSON.stringify(await face.drawRecoveryCodes(bob, 'nobody'))).toBe(
    JSON.stringify(await face.drawRecoveryCodes(bob, 'alice')).replace('alice', 'nobody'),
  );
  expect(await face.drawRecoveryCodes(admin, 'nobody')).toEqual(no('absent'));
  expect(await face.drawRecoveryCodes(admin, 'ALICE')).toMatchObject({ ok: true });
  expect(await face.drawRecoveryCodes(viewer, 'alice')).toMatchObject({ ok: true });
  expect(await face.ownFactors(viewer)).toMatchObject([{ kind: 'recovery', left: 10 }]);
  const by = (await h.events('FactorEnrolled')).map(({ metadata }) => metadata.actor);
  expect(by).toEqual([
    { kind: 'user', userId: admin.userId },
    { kind: 'user', userId: h.alice },
  ]);
});

test('factors of somebody else are seen by administrators; others learn nothing of who there is', async () => {
  const { face, viewer, admin, bob, drawn } = await house();
  const factorId = await drawn();
  const seen = { ok: true, factors: [expect.objectContaining({ factorId, kind: 'recovery', left: 10 })] };
  expect(await face.factorsOf(admin, 'ALICE')).toEqual(seen);
  expect(await face.factorsOf(viewer, 'alice')).toEqual(seen);
  expect(await face.factorsOf(viewer, null)).toEqual(seen);
  expect(await face.factorsOf(bob, null)).toEqual({ ok: true, factors: [] });
  expect(await face.factorsOf(bob, 'alice')).toEqual(no('absent'));
  expect(JSON.stringify(await face.factorsOf(bob, 'nobody'))).toBe(
    JSON.stringify(await face.factorsOf(bob, 'alice')).replace('alice', 'nobody'),
  );
  expect(await face.factorsOf(admin, 'nobody')).toEqual(no('absent'));
});

test('who is removed takes their factors along; what is enrolled at that moment is taken back', async () => {
  const { house: h, face, deps, viewer, drawn } = await house();
  await drawn();
  await h.remove('User', 'alice');
  const [removed] = await h.events('UserRemoved');
  if (removed === undefined) throw new Error('nobody was removed');
  await endFactors(deps).react(removed);
  expect((await h.events('FactorRemoved')).map(({ data, metadata }) => [data, metadata.causationId])).toEqual([
    [{ userId: h.alice, by: 'user-removed' }, removed.id],
  ]);
  expect(await face.drawRecoveryCodes(viewer, null)).toEqual(no('absent'));
  expect(await face.ownFactors(viewer)).toEqual([]);
  expect(await deps.vault.list('factor/')).toEqual([]);
});

test('what a crash left in custody goes at the next start, and nothing else does', async () => {
  const { deps, viewer, drawn } = await house();
  const kept = await drawn();
  const [removed, never] = [streamId('factor', deps.tools.ids.uuid()), streamId('factor', deps.tools.ids.uuid())];
  await deps.vault.put(`factor/${never}`, Buffer.from('never enrolled'));
  await deps.vault.put(`factor/${removed}`, Buffer.from('removed'));
  await sweepFactorSecrets(deps);
  expect(await deps.vault.list('factor/')).toEqual([`factor/${kept}`]);

  const lost = { ...deps, vault: { ...deps.vault, destroy: () => Promise.reject(new Error('the disk is gone')) } };
  const context = { actor: { kind: 'system', nodeId: null }, correlationId: 'c', causationId: null } as const;
  await expect(dropFactor(lost, context, { factorId: kept, userId: viewer.userId }, 'owner')).rejects.toThrow(
    'the disk is gone',
  );
  expect(await deps.vault.list('factor/')).toEqual([`factor/${kept}`]);
  await sweepFactorSecrets(deps);
  expect(await deps.vault.list('factor/')).toEqual([]);
});
