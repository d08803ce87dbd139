import type { Decider } from '../../../src/domain/kernel/decider.ts';
import type { DomainEvent } from '../../../src/domain/kernel/event.ts';
import {
  type AdmitSession,
  type AdmittedSession,
  isLive,
  type PassScope,
  type PassState,
  type RevokePass,
} from '../../../src/domain/kernel/pass.ts';
import { keyDecider } from '../../../src/domain/key/decider.ts';
import { loginDecider } from '../../../src/domain/login/decider.ts';
import { asPass, type LoginState } from '../../../src/domain/login/state.ts';
import { tokenDecider } from '../../../src/domain/token/decider.ts';
import { hour, id, time } from '../kit/ids.ts';

type AnyPass = Decider<unknown, AdmitSession | RevokePass, DomainEvent>;

/** One kind of pass: its decider, how one is made, and the event that ends it. */
export interface PassKind {
  readonly noun: string;
  readonly decider: AnyPass;
  /** The first event of one that lives for an hour. */
  readonly made: DomainEvent;
  /** The event that ends it, at the wish of its owner. */
  readonly revoked: DomainEvent;
  readonly scope: PassScope;
  isLive(state: unknown, at: string): boolean;
}

const facts = { userId: id('user'), loginId: id('login'), expiresAt: time(hour) };

const ended = (type: string): DomainEvent => ({
  type,
  data: { userId: id('user'), reason: 'owner', how: null, expiresAt: time(hour) },
});
const own = { isLive: (state: unknown, at: string) => isLive(state as PassState, at) };

export function tokenKind(scope: PassScope = { protocols: null, targetId: null }): PassKind {
  const made = { type: 'TemporaryTokenIssued', data: { ...facts, scope } };
  return {
    ...own,
    noun: 'token',
    decider: tokenDecider as AnyPass,
    made,
    revoked: ended('TemporaryTokenRevoked'),
    scope,
  };
}

const key = {
  ...facts,
  algorithm: 'ssh-ed25519',
  bits: 256,
  nameKey: '00',
  fingerprint: 'SHA256:0',
  comment: 'ann@laptop',
};
export const keyKind: PassKind = {
  ...own,
  noun: 'key',
  decider: keyDecider as AnyPass,
  made: { type: 'PublicKeyRegistered', data: key },
  revoked: ended('PublicKeyRevoked'),
  scope: { protocols: ['ssh'], targetId: null },
};

const login = {
  userId: id('user'),
  authenticationId: id('authentication'),
  door: 'web',
  source: '127.0.0.1',
  factors: ['UP'],
  provider: 'local',
  identityId: null,
  expiresAt: time(hour),
  idleMilliseconds: hour / 4,
};
/** It is not revoked but closed. */
export const loginKind: PassKind = {
  noun: 'login',
  decider: {
    ...(loginDecider as AnyPass),
    decide: (command, state) => {
      const close = { type: 'close', reason: 'logout', at: command.at } as const;
      return loginDecider.decide(command.type === 'admit' ? command : close, state as LoginState);
    },
  },
  made: { type: 'LoginOpened', data: login },
  revoked: { type: 'LoginClosed', data: { reason: 'logout', how: null } },
  scope: { protocols: null, targetId: null },
  isLive: (state, at) => isLive(asPass(state as LoginState), at),
};

export function session(number: number): AdmittedSession {
  return {
    sessionId: id('session', number),
    userId: id('user'),
    targetId: id('target'),
    accountId: id('account'),
    protocol: 'ssh',
    entitlement: { id: id('entitlement'), version: 3 },
    policyVersion: 'digest',
    dialect: 'sallyport-cel-1',
    claimsDigest: 'digest',
    source: '127.0.0.1',
  };
}
