import { describe, test } from 'vitest';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import type { UserCommand } from '../../../src/domain/user/commands.ts';
import { userDecider } from '../../../src/domain/user/decider.ts';
import type { UserEvent } from '../../../src/domain/user/events.ts';
import { deciderSpec } from '../kit/decider-spec.ts';

const given = deciderSpec(userDecider);
const [identity, otherIdentity] = [streamId('identity', 'a'.repeat(64)), streamId('identity', 'b'.repeat(64))];
const created: Extract<UserEvent, { type: 'UserCreated' }> = {
  type: 'UserCreated',
  data: { name: 'ann', nameKey: 'key-ann', email: null, bornOf: null },
};
const memberships: UserEvent = { type: 'UserMembershipsSet', data: { groups: ['dev', 'ops'], roles: ['admin'] } };
const email: UserEvent = { type: 'UserEmailSet', data: { email: 'ann@example.org' } };
const password: UserEvent = {
  type: 'UserPasswordSet',
  data: { secretId: 'secret-1', mustChange: true, by: 'administrator', keptLogin: null },
};
const disabled: UserEvent = { type: 'UserDisabled', data: {} };
const enabled: UserEvent = { type: 'UserEnabled', data: {} };
const removed: UserEvent = { type: 'UserRemoved', data: {} };
const shredded: UserEvent = { type: 'PersonShredded', data: {} };

const create: UserCommand = { type: 'create', name: 'ann', nameKey: 'key-ann', email: null, bornOf: null };
const setMemberships: UserCommand = { type: 'set-memberships', groups: ['ops', 'dev', 'ops'], roles: ['admin'] };
const setEmail: UserCommand = { type: 'set-email', email: 'ann@example.org' };
const setPassword: UserCommand = {
  type: 'set-password',
  secretId: 'secret-1',
  mustChange: true,
  keptLogin: null,
};

describe('user', () => {
  test('is created once', () => {
    given().when(create).thenEvents(created);
    given(created).when(create).thenNothing();
    given(created)
      .when({ ...create, nameKey: 'key-ben' })
      .thenRejected('exists');
  });
  test('is born of one identity: a first login never takes over somebody who stands', () => {
    const born: UserEvent = { type: 'UserCreated', data: { ...created.data, bornOf: identity } };
    given()
      .when({ ...create, bornOf: identity })
      .thenEvents(born);
    given(born)
      .when({ ...create, bornOf: identity })
      .thenNothing();
    given(born).when(create).thenNothing();
    given(created)
      .when({ ...create, bornOf: identity })
      .thenRejected('exists');
    given(born)
      .when({ ...create, bornOf: otherIdentity })
      .thenRejected('exists');
  });
  test.each(['', 'a~b', 'a:b', 'a\0b'])('refuses the name %j', (name) => {
    given()
      .when({ ...create, name })
      .thenRejected('invalid-name');
  });
  test.each([
    [setEmail, email],
    [setMemberships, memberships],
    [setPassword, password],
    [{ type: 'disable' }, disabled],
    [{ type: 'remove' }, removed],
  ] as const)('%o: once, by one that stands', (command, event) => {
    given().when(command).thenRejected('absent');
    given(created).when(command).thenEvents(event);
    given(created, event).when(command).thenNothing();
  });
  test('memberships are sets', () => {
    given(created, memberships)
      .when({ type: 'set-memberships', groups: ['dev', 'ops'], roles: ['admin', 'admin'] })
      .thenNothing();
    given(created, memberships)
      .when({ type: 'set-memberships', groups: ['dev'], roles: ['admin'] })
      .thenEvents({ type: 'UserMembershipsSet', data: { groups: ['dev'], roles: ['admin'] } });
  });
  test('a disabled one is enabled again, once', () => {
    given(created).when({ type: 'enable' }).thenNothing();
    given(created, disabled).when({ type: 'enable' }).thenEvents(enabled);
    given(created, disabled, enabled).when({ type: 'enable' }).thenNothing();
  });
  test('a disabled one keeps what they have', () => {
    given(created, memberships, password, disabled).when(setMemberships).thenNothing();
    given(created, memberships, password, disabled).when(setPassword).thenNothing();
    given(created, memberships, password, disabled, enabled).when(setMemberships).thenNothing();
  });
  test.each([create, setEmail, setMemberships, setPassword, { type: 'disable' }, { type: 'enable' }] as const)(
    'nothing after removal: %o',
    (command) => {
      given(created, removed).when(command).thenRejected('removed');
      given(created, removed, shredded).when(command).thenRejected('removed');
    },
  );
  test('is shredded once, after removal only', () => {
    given().when({ type: 'shred' }).thenRejected('absent');
    given(created).when({ type: 'shred' }).thenRejected('not-removed');
    given(created, disabled).when({ type: 'shred' }).thenRejected('not-removed');
    given(created, removed).when({ type: 'shred' }).thenEvents(shredded);
    given(created, removed, shredded).when({ type: 'shred' }).thenNothing();
    given(created, removed, shredded).when({ type: 'remove' }).thenNothing();
  });
  test('an event out of place does not raise the dead', () => {
    given(created, removed, enabled).when({ type: 'enable' }).thenRejected('removed');
  });
});
