import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { sameJson } from '../kernel/json.ts';
import { millisecondsBetween } from '../kernel/time.ts';
import { attributesText } from '../kernel/attributes.ts';
import type { IdentityCommand, LinkIdentity, MissIdentity, ObserveIdentity, UnlinkIdentity } from './commands.ts';
import type { IdentityEvent, IdentityLinked, IdentityObserved } from './events.ts';
import type { IdentityState } from './state.ts';

export type IdentityCode =
  | 'linked-elsewhere'
  | 'no-first-login'
  | 'name-taken'
  | 'unlinked'
  | 'not-proven'
  | 'not-linked'
  | 'not-owner'
  | 'earlier';
type IdentityDecision = Decision<IdentityEvent, IdentityCode>;
type Linked = Extract<IdentityState, { status: 'linked' }>;

const how = {
  'link-at-first-login': 'first-login',
  'link-by-owner': 'owner',
  'link-by-administrator': 'administrator',
} as const satisfies Record<LinkIdentity['type'], IdentityLinked['data']['by']>;

function link(command: LinkIdentity, state: IdentityState): IdentityDecision {
  const { userId, provider, subject } = command;
  if (state.status === 'linked') {
    if (state.userId === userId) return accept();
    return reject('linked-elsewhere', 'this identity is linked to another user; unlink it there first');
  }
  const no = refusal(command, state);
  if (no !== null) return no;
  const authenticationId = command.type === 'link-by-administrator' ? null : command.authenticationId;
  const by = how[command.type];
  return accept({ type: 'IdentityLinked', data: { userId, provider, subject, by, authenticationId } });
}

function refusal(command: LinkIdentity, state: IdentityState): IdentityDecision | null {
  if (command.type === 'link-by-administrator') return null;
  if (command.type === 'link-by-owner') {
    const { proven, userId, identityId } = command;
    if (proven?.userId === userId && proven.identityId === identityId) return null;
    return reject('not-proven', 'show by a login at the provider that this identity is yours, then link it');
  }
  if (!command.providerCreates) {
    return reject('no-first-login', 'this provider makes no users; an administrator makes the user and links it');
  }
  // What somebody took off by hand does not come back by itself.
  if (state.status === 'unlinked') return reject('unlinked', 'this identity was unlinked; it is linked again by hand');
  // A user of that name who was not made for this very identity is somebody else until the contrary is shown.
  if (command.userBornOf !== command.identityId) {
    return reject('name-taken', 'this login name is taken; log in as its owner and link the identity there');
  }
  return null;
}

function observe(data: IdentityObserved['data'], state: Linked): IdentityDecision {
  const { seen } = state;
  if (seen === null) return accept({ type: 'IdentityObserved', data });
  // A page of a sync that was read before a notice came must not bring anybody back.
  if (millisecondsBetween(seen.at, data.at) < 0) {
    return reject('earlier', 'the provider said something newer of this identity since; this report changes nothing');
  }
  if (sameJson(data, { ...seen, at: data.at, by: data.by })) return accept();
  return accept({ type: 'IdentityObserved', data });
}

function reported({ seen }: ObserveIdentity, { userId }: Linked): IdentityObserved['data'] {
  // Order and repeats say nothing: one spelling, so that the same report looks the same.
  const attributes = attributesText(seen.attributes);
  return { ...seen, userId, groups: [...new Set(seen.groups)].sort(), attributes };
}

/** Of somebody gone no groups and attributes are known; what they were called stays as it was. */
function missing({ at, by }: MissIdentity, { userId, seen }: Linked): IdentityObserved['data'] {
  const called = { username: seen?.username ?? '', email: seen?.email ?? null };
  return { userId, ...called, groups: [], attributes: attributesText({}), standing: 'gone', at, by };
}

function unlink({ userId, by }: UnlinkIdentity, state: IdentityState): IdentityDecision {
  if (state.status === 'absent') return notLinked();
  if (state.userId !== userId) return reject('not-owner', 'this identity is not linked to that user');
  if (state.status === 'unlinked') return accept();
  return accept({ type: 'IdentityUnlinked', data: { userId, by } });
}

function notLinked(): IdentityDecision {
  return reject('not-linked', 'this identity is linked to no user');
}

function decide(command: IdentityCommand, state: IdentityState): IdentityDecision {
  switch (command.type) {
    case 'observe':
      return state.status === 'linked' ? observe(reported(command, state), state) : notLinked();
    case 'miss':
      return state.status === 'linked' ? observe(missing(command, state), state) : notLinked();
    case 'unlink':
      return unlink(command, state);
    default:
      return link(command, state);
  }
}

function evolve(state: IdentityState, event: IdentityEvent): IdentityState {
  switch (event.type) {
    case 'IdentityLinked':
      return { status: 'linked', userId: event.data.userId, provider: event.data.provider, seen: null };
    case 'IdentityObserved':
      return state.status === 'linked' ? { ...state, seen: event.data } : state;
    case 'IdentityUnlinked':
      return { status: 'unlinked', userId: event.data.userId };
  }
}

/** Somebody as one provider knows them: whose it is, and how the provider saw them last. */
export const identityDecider: Decider<IdentityState, IdentityCommand, IdentityEvent, IdentityCode> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};
