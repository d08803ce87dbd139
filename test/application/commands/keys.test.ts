import { expect, it } from 'vitest';
import { isLivePass } from '../../../src/application/admission/registered-key.ts';
import { registerPublicKey } from '../../../src/application/commands/keys.ts';
import { revokePass } from '../../../src/application/commands/passes.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import type { PublicKeyRegistered } from '../../../src/domain/key/events.ts';
import { down, type House, instead, openHouse } from '../kit/house.ts';
import { keyToolsOf, type OwnKey, ownKey, proofOf, registered } from '../kit/own-key.ts';
import { movingClock } from '../kit/moving-clock.ts';

const hour = 3_600_000;

async function register(house: House, key: OwnKey, viewer: Viewer = house.viewer(), ttlSeconds: number | null = 3_600) {
  const proof = await proofOf(house, key, viewer);
  return registerPublicKey(keyToolsOf(house), viewer, { publicKey: key.line, proof, ttlSeconds, freshFactor: null });
}

const somebodyElse = (house: House): Viewer =>
  house.viewer({ userId: streamId('user', house.node.tools.ids.uuid()), userName: 'bob' });

it('makes a key a pass for 8 hours, and keeps nothing that is personal in the clear, nor the key', async () => {
  const house = await openHouse(movingClock('2026-01-02T03:00:00.000Z'));
  const key = ownKey('alice@laptop');
  const result = await register(house, key, house.viewer(), null);
  expect(result).toMatchObject({
    ok: true,
    key: {
      userId: house.alice,
      algorithm: 'ssh-ed25519',
      comment: 'alice@laptop',
      expiresAt: '2026-01-02T11:00:00.000Z',
    },
  });
  const [event] = await house.events('PublicKeyRegistered');
  const data = event?.data as PublicKeyRegistered['data'];
  expect(data.fingerprint).toMatch(/^SHA256:/);
  expect(JSON.stringify(data)).not.toContain(key.line.split(' ')[1]);
  house.node.custody.personKeys.destroy(house.alice);
  const [after] = await house.events('PublicKeyRegistered');
  expect(after?.data).toMatchObject({ fingerprint: { shredded: true }, comment: { shredded: true } });
});

it('shows what a comment hides, and cuts what goes on and on', async () => {
  const house = await openHouse();
  const key = await registered(house, ownKey(`\u001b[2J\u202e${'x'.repeat(500)}`));
  expect(key.comment).toMatch(/^\\u\{1b\}\[2J\\u\{202e\}x+$/);
  expect(key.comment).toHaveLength(128);
});

it('refuses a life beyond 8 hours, a weak key and what is no key, and leaves nothing behind', async () => {
  const house = await openHouse();
  const names = (await house.events('NameReserved')).length;
  expect(await register(house, ownKey(), house.viewer(), 8 * 3_600 + 1)).toMatchObject({
    errors: [{ code: 'invalid-ttl' }],
  });
  expect(await register(house, ownKey(), house.viewer(), 0)).toMatchObject({ errors: [{ code: 'invalid-ttl' }] });
  const none = { publicKey: 'no key', proof: null, ttlSeconds: null, freshFactor: null };
  expect(await registerPublicKey(keyToolsOf(house), house.viewer(), none)).toMatchObject({
    errors: [{ code: 'invalid-key' }],
  });
  expect(await house.events('PublicKeyRegistered')).toEqual([]);
  expect(await house.events('NameReserved')).toHaveLength(names);
});

it('makes ten live keys at the most, also when eleven are asked for at once; one that ended makes room', async () => {
  const house = await openHouse();
  const viewer = house.viewer();
  const results = await Promise.all(Array.from({ length: 12 }, async () => register(house, ownKey(), viewer)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(10);
  const [refusal] = results.flatMap((result) => (result.ok ? [] : result.errors));
  const [first] = results.flatMap((result) => (result.ok ? [result.key.id] : []));
  if (first === undefined) throw new Error('no key');
  expect(refusal?.code).toBe('too-many-keys');
  expect(refusal?.message).toContain(first);
  expect(await revokePass(keyPassTools(house), viewer, first)).toEqual({ ok: true });
  expect((await register(house, ownKey(), viewer)).ok).toBe(true);
});

const keyPassTools = ({ node }: House) => ({ tools: node.tools, views: node.views });

it('lets a key be live once, for one person, also when both ask at once', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const key = ownKey();
  const both = await Promise.all([register(house, key), register(house, key, somebodyElse(house))]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  const [winner] = both.flatMap((result) => (result.ok ? [result.key] : []));
  if (winner === undefined) throw new Error('nobody won');
  const again = await register(house, key, house.viewer({ userId: winner.userId }));
  expect(again).toMatchObject({
    errors: [{ code: 'already-registered', message: expect.stringContaining(winner.id) as string }],
  });
  const other = winner.userId === house.alice ? somebodyElse(house) : house.viewer();
  const foreign = await register(house, key, other);
  expect(foreign).toMatchObject({ errors: [{ code: 'already-registered' }] });
  expect(JSON.stringify(foreign), 'whose it is stays unsaid').not.toContain(winner.id);

  expect((await revokePass(keyPassTools(house), house.viewer({ userId: winner.userId }), winner.id)).ok).toBe(true);
  expect((await register(house, key, other)).ok, 'after its revocation it is free').toBe(true);
  clock.move(hour);
  expect((await register(house, key)).ok, 'and after its end').toBe(true);
  expect(await house.events('PublicKeyRegistered')).toHaveLength(3);
});

it('frees the key again when the event cannot be written', async () => {
  const house = await openHouse();
  const key = ownKey();
  const deps = keyToolsOf(house);
  const log = instead(deps.tools.log, {
    append: (stream, expected, events) =>
      stream.startsWith('key-') ? Promise.reject(down()) : deps.tools.log.append(stream, expected, events),
  });
  const viewer = house.viewer();
  const wish = { publicKey: key.line, proof: await proofOf(house, key, viewer), ttlSeconds: 60, freshFactor: null };
  await expect(registerPublicKey({ ...deps, tools: { ...deps.tools, log } }, viewer, wish)).rejects.toThrow();
  expect((await register(house, key, somebodyElse(house))).ok).toBe(true);
});

it('says of an offered key only whether it is a live pass, of whomever', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const deps = keyToolsOf(house);
  const [one, other, never] = [ownKey(), ownKey(), ownKey()];
  await registered(house, one);
  const revoked = await registered(house, other, house.viewer(), 7_200);
  expect(await isLivePass(deps, one.blob)).toBe(true);
  expect(await isLivePass(deps, other.blob)).toBe(true);
  expect(await isLivePass(deps, never.blob)).toBe(false);
  await revokePass(keyPassTools(house), house.viewer(), revoked.id);
  expect(await isLivePass(deps, other.blob)).toBe(false);
  clock.move(hour);
  expect(await isLivePass(deps, one.blob)).toBe(false);
  expect(await house.events('PassRefused'), 'an offer is no attempt').toEqual([]);
});

it('lets nobody revoke the key of another, but administrators', async () => {
  const house = await openHouse();
  const { id } = await registered(house, ownKey());
  const stranger = somebodyElse(house);
  expect(await revokePass(keyPassTools(house), stranger, id)).toMatchObject({
    errors: [{ code: 'absent', message: expect.stringContaining('key list') as string }],
  });
  expect(await house.types(id)).toEqual(['PublicKeyRegistered']);
  expect(await revokePass(keyPassTools(house), { ...stranger, permissions: ['administer'] }, id)).toEqual({ ok: true });
  expect(await house.events('PublicKeyRevoked')).toMatchObject([{ data: { reason: 'administrator' } }]);
  expect(house.node.views.activeKeys.get(id)).toBeUndefined();
  expect(house.node.views.revocationList.get(id)).toMatchObject({ reason: 'administrator' });
});
