import { test } from 'vitest';
import { guessingDecider } from '../../../src/domain/guessing/decider.ts';
import type { GuessingEvent } from '../../../src/domain/guessing/events.ts';
import { deciderSpec } from '../kit/decider-spec.ts';

const given = deciderSpec(guessingDecider);
const network: GuessingEvent['data'] = {
  subject: 'network',
  userId: null,
  nameKey: null,
  network: '192.0.2.1',
  door: 'ssh',
  failures: 10,
  refusedMilliseconds: 60_000,
};
const user: GuessingEvent['data'] = {
  ...network,
  subject: 'user',
  network: null,
  nameKey: 'a'.repeat(64),
  refusedMilliseconds: null,
};
const noticed = (data: GuessingEvent['data']): GuessingEvent => ({ type: 'GuessingNoticed', data });

test('what one failure made clear is said once of a name and once of a network', () => {
  given().when({ type: 'notice', alert: network }).thenEvents(noticed(network));
  given(noticed(network)).when({ type: 'notice', alert: network }).thenNothing();
  given(noticed(network)).when({ type: 'notice', alert: user }).thenEvents(noticed(user));
});
