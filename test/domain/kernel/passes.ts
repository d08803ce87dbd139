import type { Decider } from '../../../src/domain/kernel/decider.ts';
import type { DomainEvent } from '../../../src/domain/kernel/event.ts';
import type {
  AdmitSession,
  AdmittedSession,
  PassScope,
  PassState,
  RevokePass,
} from '../../../src/domain/kernel/pass.ts';
import { keyDecider } from '../../../src/domain/key/decider.ts';
import { tokenDecider } from '../../../src/domain/token/decider.ts';
import { hour, id, time } from '../kit/ids.ts';

type AnyPass = Decider<PassState, AdmitSession | RevokePass, DomainEvent>;

/** One kind of pass: its decider, how one is made, and the event that ends it. */
export interface PassKind {
  readonly noun: string;
  readonly decider: AnyPass;
  /** The first event of one that lives for an hour. */
  readonly made: DomainEvent;
  readonly revoked: string;
  readonly scope: PassScope;
}

const facts = { userId: id('user'), loginId: id('login'), expiresAt: time(hour) };

export function tokenKind(scope: PassScope = { protocols: null, targetId: null }): PassKind {
  const made = { type: 'TemporaryTokenIssued', data: { ...facts, scope } };
  return { noun: 'token', decider: tokenDecider as unknown as AnyPass, made, revoked: 'TemporaryTokenRevoked', scope };
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
  noun: 'key',
  decider: keyDecider as unknown as AnyPass,
  made: { type: 'PublicKeyRegistered', data: key },
  revoked: 'PublicKeyRevoked',
  scope: { protocols: ['ssh'], targetId: null },
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
