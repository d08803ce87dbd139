import { expect, it, test } from 'vitest';
import { challengePublicKey, registerPublicKey } from '../../../src/application/commands/keys.ts';
import { revokePass } from '../../../src/application/commands/passes.ts';
import type { KeyProof, Viewer } from '../../../src/application/ports/application-face.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { down, type House, instead, openHouse } from '../kit/house.ts';
import { movingClock } from '../kit/moving-clock.ts';
import { keyToolsOf, type OwnKey, ownKey, proofOf } from '../kit/own-key.ts';

const minute = 60_000;

const viewers = new WeakMap<House, Viewer>();

/** Alice in one login of hers. */
function alice(house: House): Viewer {
  const viewer = viewers.get(house) ?? house.viewer();
  viewers.set(house, viewer);
  return viewer;
}

/** A proof that Alice gets for a key. */
const proofFor = (house: House, key: Pick<OwnKey, 'line' | 'signFile'>): Promise<KeyProof> =>
  proofOf(house, key, alice(house));

function register(house: House, key: OwnKey, proof: KeyProof | null, viewer: Viewer = alice(house)) {
  return registerPublicKey(keyToolsOf(house), viewer, {
    publicKey: key.line,
    proof,
    ttlSeconds: 3_600,
    freshFactor: null,
  });
}

async function reasons(house: House): Promise<readonly unknown[]> {
  return (await house.events('KeyProofRefused')).map(({ data }) => (data as { reason: string }).reason);
}

it('a key that signs the challenge becomes a pass, under the id that the challenge names', async () => {
  const house = await openHouse();
  const key = ownKey();
  const proof = await proofFor(house, key);
  const result = await register(house, key, proof);
  expect(result.ok && proof.challenge.split('.')[1]).toBe(result.ok && result.key.id);
  expect(await reasons(house)).toEqual([]);
});

test.each<[string, string, string, (house: House, key: OwnKey) => Promise<[KeyProof | null, Viewer?]>]>([
  ['without proof', 'proof-needed', 'missing', () => Promise.resolve([null])],
  [
    'with a signature by another key',
    'bad-signature',
    'bad-signature',
    async (house, key) => [{ ...(await proofFor(house, key)), signature: (await proofFor(house, ownKey())).signature }],
  ],
  [
    'with the signature of another key over this challenge',
    'bad-signature',
    'bad-signature',
    async (house, key) => [await proofFor(house, { line: key.line, signFile: ownKey().signFile })],
  ],
  [
    'with a signature over something else',
    'bad-signature',
    'bad-signature',
    async (house, key) => [
      await proofFor(house, { ...key, signFile: (it) => key.signFile({ ...it, text: `${it.text}\n` }) }),
    ],
  ],
  [
    'with a signature made for another purpose',
    'bad-signature',
    'bad-signature',
    async (house, key) => [
      await proofFor(house, { ...key, signFile: (it) => key.signFile({ ...it, namespace: 'git' }) }),
    ],
  ],
  [
    'with no signature at all',
    'bad-signature',
    'bad-signature',
    async (house, key) => [await proofFor(house, { ...key, signFile: () => 'signed: ann' })],
  ],
  [
    'with the challenge of another login of the same person',
    'stale-challenge',
    'foreign-challenge',
    async (house, key) => {
      const loginId = streamId('login', house.node.tools.ids.uuid());
      return [await proofOf(house, key, house.viewer({ loginId }))];
    },
  ],
  [
    'with the challenge of another person',
    'stale-challenge',
    'foreign-challenge',
    async (house, key) => [
      await proofOf(house, key, { ...alice(house), userId: streamId('user', house.node.tools.ids.uuid()) }),
    ],
  ],
  [
    'with the challenge of another key',
    'stale-challenge',
    'foreign-challenge',
    async (house, key) => [await proofFor(house, { ...key, line: ownKey().line })],
  ],
  [
    'with a challenge of another installation',
    'stale-challenge',
    'foreign-challenge',
    async (house, key) => [await proofOf(await openHouse(), key, alice(house))],
  ],
  [
    'with a challenge under an id of one’s own',
    'stale-challenge',
    'foreign-challenge',
    async (house, key) => {
      const proof = await proofFor(house, key);
      const challenge = proof.challenge.replace(/key-[^.]+/, streamId('key', house.node.tools.ids.uuid()));
      return [{ challenge, signature: key.signFile({ text: challenge, namespace: 'own-key@sallyport' }) }];
    },
  ],
  [
    'with a challenge that was given more time',
    'stale-challenge',
    'foreign-challenge',
    async (house, key) => {
      const { challenge } = await proofFor(house, key);
      const later = challenge.replace(/\.(\d+)\./, (_, ms: string) => `.${String(Number(ms) + 1)}.`);
      return [{ challenge: later, signature: key.signFile({ text: later, namespace: 'own-key@sallyport' }) }];
    },
  ],
])('%s it becomes none, says so and is noted', async (_, code, reason, make) => {
  const house = await openHouse();
  const key = ownKey();
  const [proof, viewer = alice(house)] = await make(house, key);
  const events = (await house.events('NameReserved')).length;
  expect(await register(house, key, proof, viewer)).toMatchObject({ ok: false, errors: [{ code }] });
  expect(await house.events('PublicKeyRegistered')).toEqual([]);
  expect(await house.events('NameReserved')).toHaveLength(events);
  expect(await house.events('KeyProofRefused')).toMatchObject([
    {
      data: { userId: house.alice, loginId: viewer.loginId, reason },
      metadata: { actor: { kind: 'user', userId: house.alice } },
    },
  ]);
});

it('a challenge is good for 5 minutes, and not at their end', async () => {
  const clock = movingClock('2026-01-02T03:00:00.000Z');
  const house = await openHouse(clock);
  const [one, other] = [ownKey(), ownKey()];
  const proofs = [await proofFor(house, one), await proofFor(house, other)] as const;
  clock.move(5 * minute - 1);
  expect((await register(house, one, proofs[0])).ok).toBe(true);
  clock.move(1);
  expect(await register(house, other, proofs[1])).toMatchObject({ errors: [{ code: 'stale-challenge' }] });
  expect(await reasons(house)).toEqual(['expired-challenge']);
});

it('a proof makes one pass: not again after its revocation, nor twice at once', async () => {
  const house = await openHouse();
  const key = ownKey();
  const proof = await proofFor(house, key);
  const both = await Promise.all([register(house, key, proof), register(house, key, proof)]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  const [id] = both.flatMap((result) => (result.ok ? [result.key.id] : []));
  if (id === undefined) throw new Error('no key');
  await revokePass({ tools: house.node.tools, views: house.node.views }, alice(house), id);
  expect(await register(house, key, proof)).toMatchObject({ errors: [{ code: 'stale-challenge' }] });
  expect(await reasons(house)).toEqual(['used-challenge', 'used-challenge']);
  expect((await register(house, key, await proofFor(house, key))).ok, 'a new one may').toBe(true);
});

it('a proof that another process has used meanwhile makes nothing here, and leaves its pass alone', async () => {
  const house = await openHouse();
  const key = ownKey();
  const proof = await proofFor(house, key);
  const deps = keyToolsOf(house);
  const { log } = deps.tools;
  let elsewhere: Promise<unknown> | undefined;
  const late = instead(log, {
    append: async (stream, expected, events) => {
      // The other process is between our look at the challenge and our writing.
      const theirs = events.map((event) => ({ ...event, id: deps.tools.ids.uuid() }));
      if (stream.startsWith('key-')) await (elsewhere ??= log.append(stream, expected, theirs));
      return log.append(stream, expected, events);
    },
  });
  const wish = { publicKey: key.line, proof, ttlSeconds: 60, freshFactor: null };
  const result = await registerPublicKey({ ...deps, tools: { ...deps.tools, log: late } }, alice(house), wish);
  expect(result).toMatchObject({ errors: [{ code: 'stale-challenge' }] });
  expect(await reasons(house)).toEqual(['used-challenge']);
  expect(await house.events('PublicKeyRegistered')).toHaveLength(1);
  expect(await house.events('NameReleased')).toEqual([]);
});

it('is refused by an error when the no cannot be noted', async () => {
  const house = await openHouse();
  const deps = keyToolsOf(house);
  const log = instead(deps.tools.log, { append: () => Promise.reject(down()) });
  const wish = { publicKey: ownKey().line, proof: null, ttlSeconds: 60, freshFactor: null };
  await expect(registerPublicKey({ ...deps, tools: { ...deps.tools, log } }, alice(house), wish)).rejects.toThrow();
});

it('keys that can be no pass get nothing to sign', async () => {
  const house = await openHouse();
  expect(await challengePublicKey(keyToolsOf(house), house.viewer(), 'no key')).toMatchObject({
    errors: [{ code: 'invalid-key' }],
  });
  expect(await house.events('KeyProofRefused')).toEqual([]);
});
