import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { sameJson } from '../kernel/json.ts';
import { nameProblem } from '../kernel/names.ts';
import type { CreateUser, UserCommand } from './commands.ts';
import type { UserEvent } from './events.ts';
import { alterPassword, type PasswordCode } from './password.ts';
import type { UserFacts, UserState } from './state.ts';

export type UserCode = 'invalid-name' | 'exists' | 'absent' | 'removed' | 'not-removed' | PasswordCode;
type UserDecision = Decision<UserEvent, UserCode>;
type Standing = Extract<UserState, UserFacts>;

function create({ name, nameKey, email, bornOf }: CreateUser, state: UserState): UserDecision {
  if (state.status === 'removed' || state.status === 'shredded') return gone();
  if (state.status !== 'absent') {
    // Applying a User again says nothing of where they come from; a first login does.
    if (state.nameKey === nameKey && (bornOf === null || bornOf === state.bornOf)) return accept();
    return reject('exists', 'this user exists, under another name or of another origin; make a new user');
  }
  const problem = nameProblem(name);
  if (problem !== null) return reject('invalid-name', `user: ${problem}`);
  return accept({ type: 'UserCreated', data: { name, nameKey, email, bornOf } });
}

function gone(): UserDecision {
  return reject('removed', 'this user was removed; make a new user');
}

/** Order and repeats say nothing: one spelling, so that the same wish looks the same. */
function set(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

function alter(command: Exclude<UserCommand, CreateUser | { type: 'remove' | 'shred' }>, user: Standing): UserDecision {
  switch (command.type) {
    case 'set-email':
      if (sameJson(user.email, command.email)) return accept();
      return accept({ type: 'UserEmailSet', data: { email: command.email } });
    case 'set-memberships': {
      const data = { groups: set(command.groups), roles: set(command.roles) };
      if (sameJson(data, { groups: user.groups, roles: user.roles })) return accept();
      return accept({ type: 'UserMembershipsSet', data });
    }
    case 'set-password':
    case 'change-password':
    case 'offer-password-reset':
    case 'reset-password':
      return alterPassword(command, user);
    case 'disable':
      if (user.status === 'disabled') return accept();
      return accept({ type: 'UserDisabled', data: {} });
    case 'enable':
      if (user.status === 'active') return accept();
      return accept({ type: 'UserEnabled', data: {} });
  }
}

function remove(state: UserState): UserDecision {
  if (state.status === 'removed' || state.status === 'shredded') return accept();
  return accept({ type: 'UserRemoved', data: {} });
}

/** Only of somebody removed: a person who stands needs a name. */
function shred(state: UserState): UserDecision {
  if (state.status === 'shredded') return accept();
  if (state.status !== 'removed') return reject('not-removed', 'remove the user before shredding their personal data');
  return accept({ type: 'PersonShredded', data: {} });
}

function decide(command: UserCommand, state: UserState): UserDecision {
  if (command.type === 'create') return create(command, state);
  if (state.status === 'absent') return reject('absent', 'there is no such user');
  if (command.type === 'remove') return remove(state);
  if (command.type === 'shred') return shred(state);
  if (state.status === 'removed' || state.status === 'shredded') return gone();
  return alter(command, state);
}

function evolve(state: UserState, event: UserEvent): UserState {
  if (event.type === 'UserCreated') {
    const { nameKey, email, bornOf } = event.data;
    return { status: 'active', nameKey, email, bornOf, groups: [], roles: [], password: null, reset: null };
  }
  if (event.type === 'UserRemoved') return { status: 'removed' };
  if (event.type === 'PersonShredded') return { status: 'shredded' };
  if (state.status !== 'active' && state.status !== 'disabled') return state;
  switch (event.type) {
    case 'UserEmailSet':
    case 'UserMembershipsSet':
      return { ...state, ...event.data };
    case 'UserPasswordSet': {
      const { secretId, mustChange } = event.data;
      // Whoever sets a password voids the link to set one.
      return { ...state, password: { secretId, mustChange }, reset: null };
    }
    case 'PasswordResetOffered':
      return { ...state, reset: event.data };
    case 'UserDisabled':
      return { ...state, status: 'disabled', reset: null };
    case 'UserEnabled':
      return { ...state, status: 'active' };
  }
}

/** A person: disabled ones keep what they have, removed ones are gone for good. */
export const userDecider: Decider<UserState, UserCommand, UserEvent, UserCode> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};
