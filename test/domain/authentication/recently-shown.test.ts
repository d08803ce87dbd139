import { expect, test } from 'vitest';
import { attemptMilliseconds, authenticationDecider } from '../../../src/domain/authentication/decider.ts';
import type { AuthenticationEvent } from '../../../src/domain/authentication/events.ts';
import { wasRecentlyShown } from '../../../src/domain/authentication/recently-shown.ts';
import { fold } from '../../../src/domain/kernel/decider.ts';
import { time } from '../kit/ids.ts';
import { ann, answered, ben, fresh, linking, local, phone, started, succeeded } from './attempts.ts';

const shown: readonly AuthenticationEvent[] = [started(local), succeeded(local, ['UP', 'OATH'])];
const by = (history: readonly AuthenticationEvent[], over: { userId?: typeof ann; door?: 'cli'; at?: string } = {}) =>
  wasRecentlyShown(fold(authenticationDecider, history), { userId: ann, door: local.door, at: time(1), ...over });

test('a login showed a factor for 5 minutes from its beginning, to its person and at its door', () => {
  expect(by(shown)).toBe(true);
  expect(by(shown, { at: time(attemptMilliseconds - 1) })).toBe(true);
  expect(by(shown, { at: time(attemptMilliseconds) })).toBe(false);
  expect(by(shown, { userId: ben })).toBe(false);
  expect(by(shown, { door: 'cli' })).toBe(false);
});

test.each([
  ['nothing', []],
  ['an attempt that runs', [started(local), answered(0, 'oath', phone)]],
  ['a password', [started(local), succeeded(local, ['UP'])]],
  ['a provider', [started(local), succeeded(local, ['IDP'])]],
  ['a fresh factor, which counts by its own use', [started(fresh), succeeded(fresh, ['OATH'])]],
  ['a link', [started(linking), succeeded(linking, ['IDP', 'OATH'])]],
] as const)('%s is none', (_what, history) => {
  expect(by(history)).toBe(false);
});
