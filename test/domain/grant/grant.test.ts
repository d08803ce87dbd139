import { describe, expect, test } from 'vitest';
import type { AnswerGrant } from '../../../src/domain/grant/commands.ts';
import { grantDecider } from '../../../src/domain/grant/decider.ts';
import type { GrantEvent } from '../../../src/domain/grant/events.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { id, minute, time } from '../kit/ids.ts';

const given = deciderSpec(grantDecider);
const facts = { userId: id('user'), loginId: id('login'), door: 'cli', client: 'laptop', source: '192.0.2.7' } as const;
const expiresAt = time(10 * minute);
const approve: AnswerGrant = {
  type: 'answer',
  approved: true,
  answer: facts,
  answeredAt: 'web',
  askedFor: null,
  expiresAt,
  at: time(),
};
const approved: GrantEvent = { type: 'DeviceGrantApproved', data: { ...facts, expiresAt } };
const denied: GrantEvent = { type: 'DeviceGrantDenied', data: { ...facts, reason: 'person' } };
const use = { type: 'use', passId: id('login', 2), at: time(minute) } as const;
const used: GrantEvent = { type: 'DeviceGrantUsed', data: { userId: facts.userId, passId: id('login', 2) } };

describe('a code of the device flow', () => {
  test('is confirmed or denied, once', () => {
    given().when(approve).thenEvents(approved);
    given()
      .when({ ...approve, approved: false })
      .thenEvents(denied);
    for (const event of [approved, denied]) given(event).when(approve).thenRejected('answered');
    given(approved, used).when(approve).thenRejected('answered');
  });

  test('is confirmed by nobody but whom it was asked for (security rule A6)', () => {
    const other: GrantEvent = { type: 'DeviceGrantDenied', data: { ...facts, reason: 'other-person' } };
    given()
      .when({ ...approve, askedFor: { userId: facts.userId } })
      .thenEvents(approved);
    given()
      .when({ ...approve, askedFor: { userId: id('user', 2) } })
      .thenEvents(other);
    given()
      .when({ ...approve, askedFor: { userId: null } })
      .thenEvents(other);
    given(other).when(use).thenRejected('not-approved');
  });

  test('is confirmed in the browser, and in time', () => {
    given()
      .when({ ...approve, answeredAt: 'elsewhere' })
      .thenRejected('not-in-browser');
    given()
      .when({ ...approve, at: expiresAt })
      .thenRejected('expired');
  });

  test('opens one login, in time', () => {
    given(approved).when(use).thenEvents(used);
    given(approved, used).when(use).thenNothing();
    given(approved, used)
      .when({ ...use, passId: id('login', 3) })
      .thenRejected('not-approved');
    given(approved)
      .when({ ...use, at: expiresAt })
      .thenRejected('expired');
    given().when(use).thenRejected('not-approved');
    given(denied).when(use).thenRejected('not-approved');
    expect(grantDecider.evolve({ status: 'absent' }, used)).toEqual({ status: 'absent' });
  });
});
