import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  IdentityCommand,
  LinkAtFirstLogin,
  LinkByOwner,
  ObserveIdentity,
} from '../../../src/domain/identity/commands.ts';
import { identityDecider } from '../../../src/domain/identity/decider.ts';
import {
  identityEvents,
  type IdentityEvent,
  type IdentityLinked,
  type IdentityObserved,
} from '../../../src/domain/identity/events.ts';
import { fold } from '../../../src/domain/kernel/decider.ts';
import { categoryOf, type IdentityId, streamId } from '../../../src/domain/kernel/ids.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { id, time } from '../kit/ids.ts';

const given = deciderSpec(identityDecider);
const identityId: IdentityId = streamId('identity', 'a'.repeat(64));
const otherId: IdentityId = streamId('identity', 'b'.repeat(64));
const [ann, ben] = [id('user', 1), id('user', 2)];
const authenticationId = id('authentication');
const link = { identityId, userId: ann, provider: 'corp', subject: 's-1' } as const;
const firstLogin: LinkAtFirstLogin = {
  type: 'link-at-first-login',
  ...link,
  authenticationId,
  providerCreates: true,
  userBornOf: identityId,
};
const byOwner: LinkByOwner = {
  type: 'link-by-owner',
  ...link,
  authenticationId,
  proven: { userId: ann, identityId },
};
const byAdministrator = { type: 'link-by-administrator', ...link } as const;
const linked = (change: Partial<IdentityLinked['data']> = {}): IdentityEvent => ({
  type: 'IdentityLinked',
  data: { userId: ann, provider: 'corp', subject: 's-1', by: 'first-login', authenticationId, ...change },
});
const report = {
  username: 'ann',
  email: 'ann@example.org',
  groups: ['dev', 'ops'],
  attributes: { department: ['eng', 'r&d'] },
  standing: 'active',
  at: time(10),
  by: 'sync',
} as const;
const seen = (change: Partial<IdentityObserved['data']> = {}): IdentityEvent => ({
  type: 'IdentityObserved',
  data: { userId: ann, ...report, attributes: '{"department":["eng","r&d"]}', ...change },
});
const observe = (change: Partial<ObserveIdentity['seen']> = {}): IdentityCommand => ({
  type: 'observe',
  seen: { ...report, ...change },
});
const unlinked: IdentityEvent = { type: 'IdentityUnlinked', data: { userId: ann, by: 'owner' } };

test('its stream is named by a keyed digest, never by a uuid or a subject', () => {
  expect(categoryOf(identityId)).toBe('identity');
  expect(categoryOf(id('identity'))).toBeUndefined();
  expect(categoryOf('identity-ann@example.org')).toBeUndefined();
});

describe('a link', () => {
  test('comes of a first login, of the owner or of an administrator', () => {
    given().when(firstLogin).thenEvents(linked());
    given()
      .when(byOwner)
      .thenEvents(linked({ by: 'owner' }));
    given()
      .when(byAdministrator)
      .thenEvents(linked({ by: 'administrator', authenticationId: null }));
  });
  test.each([firstLogin, byOwner, byAdministrator])('stands once: $type', (command) => {
    given(linked()).when(command).thenNothing();
  });
  test.each([firstLogin, { ...byOwner, proven: { userId: ben, identityId } }, byAdministrator])(
    'is never moved to another user: $type',
    (command) => {
      given(linked())
        .when({ ...command, userId: ben })
        .thenRejected('linked-elsewhere');
    },
  );
  test('is not made at a first login where the provider makes no users', () => {
    given()
      .when({ ...firstLogin, providerCreates: false })
      .thenRejected('no-first-login');
  });
  test.each([null, otherId])('is not made with a taken login name, whose user was born of %s', (userBornOf) => {
    given()
      .when({ ...firstLogin, userBornOf })
      .thenRejected('name-taken');
  });
  test.each([
    null,
    { userId: ben, identityId },
    { userId: ann, identityId: otherId },
    { userId: ann, identityId: null },
  ])('is not made by somebody who proved %o', (proven) => {
    given()
      .when({ ...byOwner, proven })
      .thenRejected('not-proven');
  });
  test('that was taken off comes back by hand alone, to anybody', () => {
    given(linked(), unlinked).when(firstLogin).thenRejected('unlinked');
    given(linked(), unlinked)
      .when(byOwner)
      .thenEvents(linked({ by: 'owner' }));
    given(linked(), unlinked)
      .when({ ...byAdministrator, userId: ben })
      .thenEvents(linked({ userId: ben, by: 'administrator', authenticationId: null }));
  });
  test('is taken off once, from the one who has it', () => {
    given().when({ type: 'unlink', userId: ann, by: 'owner' }).thenRejected('not-linked');
    given(linked()).when({ type: 'unlink', userId: ben, by: 'owner' }).thenRejected('not-owner');
    given(linked()).when({ type: 'unlink', userId: ann, by: 'owner' }).thenEvents(unlinked);
    given(linked(), unlinked).when({ type: 'unlink', userId: ann, by: 'owner' }).thenNothing();
    given(linked(), unlinked).when({ type: 'unlink', userId: ben, by: 'owner' }).thenRejected('not-owner');
  });
});

describe('a report', () => {
  test('is sealed in all that is about the person', () => {
    expect(identityEvents.IdentityObserved.personal).toEqual(['username', 'email', 'attributes']);
  });
  test('is of somebody linked', () => {
    given().when(observe()).thenRejected('not-linked');
    given(linked(), unlinked).when(observe()).thenRejected('not-linked');
    given(linked()).when(observe()).thenEvents(seen());
  });
  test('says something once, whoever said it and in whatever order groups and values came', () => {
    given(linked(), seen())
      .when(
        observe({
          ...{ at: time(20), by: 'login', groups: ['ops', 'dev', 'ops'] },
          attributes: { department: ['r&d', 'eng', 'r&d'] },
        }),
      )
      .thenNothing();
    given(linked())
      .when(observe({ groups: ['ops', 'dev', 'ops'] }))
      .thenEvents(seen());
  });
  test.each([{ groups: ['dev'] }, { standing: 'disabled' }, { username: 'anna' }, { email: null }] as const)(
    'with something new is kept: %o',
    (change) => {
      given(linked(), seen())
        .when(observe({ ...change, at: time(20) }))
        .thenEvents(seen({ ...change, at: time(20) }));
    },
  );
  test('with another attribute, or another value of one, is kept', () => {
    given(linked(), seen())
      .when(observe({ attributes: { department: ['eng'] }, at: time(20) }))
      .thenEvents(seen({ attributes: '{"department":["eng"]}', at: time(20) }));
    given(linked(), seen())
      .when(observe({ attributes: { department: ['eng', 'r&d'], room: [] }, at: time(20) }))
      .thenEvents(seen({ attributes: '{"department":["eng","r&d"],"room":[]}', at: time(20) }));
  });
  test('that is older than what is known changes nothing', () => {
    given(linked(), seen({ standing: 'disabled', by: 'notice' }))
      .when(observe({ at: time(9) }))
      .thenRejected('earlier');
    given(linked(), seen({ standing: 'gone', groups: [] }))
      .when(observe({ at: time(9) }))
      .thenRejected('earlier');
  });
  test('that somebody is gone leaves them no group and no attribute, once', () => {
    const miss: IdentityCommand = { type: 'miss', at: time(20), by: 'sync' };
    const gone = seen({ standing: 'gone', groups: [], attributes: '{}', at: time(20) });
    given().when(miss).thenRejected('not-linked');
    given(linked(), unlinked).when(miss).thenRejected('not-linked');
    given(linked(), seen()).when(miss).thenEvents(gone);
    given(linked(), seen(), gone)
      .when({ ...miss, at: time(30) })
      .thenNothing();
    given(linked(), seen())
      .when({ ...miss, at: time(9) })
      .thenRejected('earlier');
    given(linked())
      .when(miss)
      .thenEvents(seen({ username: '', email: null, standing: 'gone', groups: [], attributes: '{}', at: time(20) }));
  });
  test('out of place makes no link', () => {
    given(seen()).when(observe()).thenRejected('not-linked');
  });
  test('of an earlier owner says nothing of the next', () => {
    given(linked(), seen(), unlinked, linked({ userId: ben }))
      .when(observe({ at: time(1) }))
      .thenEvents(seen({ userId: ben, at: time(1) }));
  });
});

test('law: one person at a time, moved only by taking it off; reports never go back in time while it stands', () => {
  const userId = fc.constantFrom(ann, ben);
  const command: fc.Arbitrary<IdentityCommand> = fc.oneof(
    fc.record({ userId, creates: fc.boolean(), born: fc.constantFrom(null, identityId, otherId) }).map((each) => ({
      ...firstLogin,
      userId: each.userId,
      providerCreates: each.creates,
      userBornOf: each.born,
    })),
    fc.record({ userId, proven: userId }).map((each) => ({
      ...byOwner,
      userId: each.userId,
      proven: { userId: each.proven, identityId },
    })),
    userId.map((each) => ({ ...byAdministrator, userId: each })),
    userId.map((each) => ({ type: 'unlink', userId: each, by: 'owner' }) as const),
    fc
      .record({ at: fc.nat(50).map(time), standing: fc.constantFrom('active' as const, 'disabled' as const) })
      .map((change) => observe(change)),
    fc.nat(50).map((at) => ({ type: 'miss', at: time(at), by: 'sync' }) as const),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
      const history: IdentityEvent[] = [];
      let owner: string | null = null;
      let newest = 0;
      for (const each of commands) {
        const decision = identityDecider.decide(each, fold(identityDecider, history));
        if (!decision.ok) continue;
        for (const event of decision.events) {
          if (event.type === 'IdentityLinked') {
            expect(owner).toBeNull();
            [owner, newest] = [event.data.userId, 0];
          } else if (event.type === 'IdentityUnlinked') {
            expect(owner).toBe(event.data.userId);
            owner = null;
          } else {
            expect(owner).toBe(event.data.userId);
            expect(Date.parse(event.data.at)).toBeGreaterThanOrEqual(newest);
            newest = Date.parse(event.data.at);
          }
        }
        history.push(...decision.events);
      }
    }),
    { numRuns: 500 },
  );
});
