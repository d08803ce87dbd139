import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { aesSealing } from '../../../src/adapters/vault/sealing.ts';
import { openRound, sealRound } from '../../../src/application/authentication/round.ts';

const sealing = aesSealing(randomBytes(32));
const uuid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
const round = {
  authenticationId: `authentication-${uuid('1')}`,
  mechanismId: 'm1',
  roundId: 'r1',
  pending: 'state and nonce',
};

test('a round comes back for its own mechanism of its own attempt, and for nothing else', () => {
  const sealed = sealRound(sealing, round);
  expect(openRound(sealing, sealed, round)).toEqual(round);
  expect(openRound(sealing, sealed, { ...round, authenticationId: `authentication-${uuid('2')}` })).toBeNull();
  expect(openRound(sealing, sealed, { ...round, mechanismId: 'm2' })).toBeNull();
  expect(openRound(sealing, sealing.seal('password reset', JSON.stringify(Object.values(round))), round)).toBeNull();
  expect(openRound(aesSealing(randomBytes(32)), sealed, round)).toBeNull();
  expect(openRound(sealing, null, round)).toBeNull();
});
