import type { Decision } from './decider.ts';
import { accept, reject } from './decider.ts';
import type { Protocol } from './door.ts';
import type { DomainEvent } from './event.ts';
import type { AccountId, EntitlementId, LoginId, SessionId, TargetId, UserId } from './ids.ts';
import { sameJson } from './json.ts';
import type { LearnedBy } from './standing.ts';
import { hasReached } from './time.ts';

/** What a pass may be used for; null means all that its person may reach. */
export interface PassScope {
  readonly protocols: readonly Protocol[] | null;
  readonly targetId: TargetId | null;
}

/** What every pass is decided by: whose it is, what it opens and how long. */
export interface PassTerms {
  readonly userId: UserId;
  readonly scope: PassScope;
  readonly expiresAt: string;
}

/** What every pass says of itself: also after which full login it was made; of a web login, that it is this one. */
export interface PassFacts extends PassTerms {
  readonly loginId: LoginId;
}

/** One decision of one entitlement or condition, by id and by the version of its stream that was read. */
export interface Versioned<Id extends string = string> {
  readonly id: Id;
  readonly version: number;
}

/** The data of `SessionAdmitted`. */
export interface AdmittedSession {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly accountId: AccountId;
  readonly protocol: Protocol;
  readonly entitlement: Versioned<EntitlementId>;
  /** Digest over ids and versions of every policy, entitlement and condition that the decision looked at. */
  readonly policyVersion: string;
  readonly dialect: string;
  readonly claimsDigest: string;
  readonly source: string;
}

type SessionAdmitted = DomainEvent<'SessionAdmitted', AdmittedSession>;

/** Why everything ends that rests on an identity: it is not active at its provider any more, was unlinked, or logged out there. */
export type IdentityEndReason = 'identity-left' | 'identity-unlinked' | 'provider-logout';
/** `password-set`: another local password took the place of the one that it rests on. */
export type RevocationReason =
  | 'owner'
  | 'administrator'
  | 'user-disabled'
  | 'user-removed'
  | 'password-set'
  | IdentityEndReason;
export interface PassRevocation {
  readonly userId: UserId;
  readonly reason: RevocationReason;
  /** How the provider's word came, where that is the reason. */
  readonly how: LearnedBy | null;
  readonly expiresAt: string;
}

/** The opening of a session, after everything outside this stream was found in order. */
export type AdmitSession = {
  readonly type: 'admit';
  readonly session: AdmittedSession;
  readonly at: string;
};
export type RevokePass = {
  readonly type: 'revoke';
  readonly reason: RevocationReason;
  readonly how?: LearnedBy | null;
  readonly at: string;
};

/** The sessions admitted, newest first: a list that grows without copying, since a pass serves any number. */
export interface AdmittedSessions {
  readonly admitted: AdmittedSession;
  readonly before: AdmittedSessions | null;
}

export type PassState<P extends PassTerms = PassFacts> =
  | { readonly status: 'absent' }
  | { readonly status: 'issued'; readonly pass: P; readonly sessions: AdmittedSessions | null }
  | { readonly status: 'revoked'; readonly pass: P };

export type PassCode =
  | 'invalid-ttl'
  | 'unknown'
  | 'revoked'
  | 'expired'
  | 'wrong-user'
  | 'wrong-protocol'
  | 'wrong-target'
  | 'session-known';

/** The longest a pass lives (CONTRACT.md, section 4). */
export const longestPassMilliseconds = 8 * 3_600_000;

/** Whether a pass may live so long, in milliseconds. */
export function mayLive(ttlMilliseconds: number): boolean {
  return Number.isSafeInteger(ttlMilliseconds) && ttlMilliseconds > 0 && ttlMilliseconds <= longestPassMilliseconds;
}

/** True while the pass opens sessions: issued, not revoked, its end not reached. */
export function isLive(state: PassState<PassTerms>, at: string): boolean {
  return state.status === 'issued' && !hasReached(at, state.pass.expiresAt);
}

/** What a kind of pass is called, how one ends before its time, and what its person does then. */
const words = {
  token: { revoked: 'revoked', next: 'make a new one' },
  key: { revoked: 'revoked', next: 'make a new one' },
  login: { revoked: 'closed', next: 'log in again' },
} as const;

/** The law of the stream of a pass: no `SessionAdmitted` after the revocation, whoever asks and however often. */
export function admitOn(
  noun: keyof typeof words,
  { session, at }: AdmitSession,
  state: PassState<PassTerms>,
): Decision<SessionAdmitted, PassCode> {
  const { revoked, next } = words[noun];
  if (state.status === 'absent') return reject('unknown', `there is no such ${noun}`);
  if (state.status === 'revoked') return reject('revoked', `this ${noun} was ${revoked}; ${next}`);
  const { userId, scope, expiresAt } = state.pass;
  if (hasReached(at, expiresAt)) return reject('expired', `this ${noun} expired at ${expiresAt}; ${next}`);
  if (session.userId !== userId) return reject('wrong-user', `this ${noun} belongs to another user`);
  if (scope.protocols?.includes(session.protocol) === false) {
    return reject(
      'wrong-protocol',
      `this ${noun} is for ${scope.protocols.join(', ')} only, not for ${session.protocol}`,
    );
  }
  if (scope.targetId !== null && scope.targetId !== session.targetId) {
    return reject(
      'wrong-target',
      `this ${noun} is for another target only: make one for this target, or without --target`,
    );
  }
  const known = admittedAs(state.sessions, session.sessionId);
  if (known === undefined) return accept({ type: 'SessionAdmitted', data: session });
  if (sameJson(known, session)) return accept();
  return reject('session-known', 'another session was admitted under this id; use a new id');
}

/** Ends a live pass by an event of type `revoked`; one that has ended already stays as it is. */
export function revokeBy<T extends string>(
  noun: string,
  revoked: T,
  { reason, how = null, at }: RevokePass,
  state: PassState,
): Decision<DomainEvent<T, PassRevocation>, PassCode> {
  if (state.status === 'absent') return reject('unknown', `there is no such ${noun}; nothing was revoked`);
  if (!isLive(state, at)) return accept();
  const { userId, expiresAt } = state.pass;
  return accept({ type: revoked, data: { userId, reason, how, expiresAt } });
}

/** The state after an admission or a revocation. */
export function afterUse<P extends PassFacts>(
  state: PassState<P>,
  event: SessionAdmitted | DomainEvent<string, PassRevocation>,
): PassState<P> {
  if (state.status !== 'issued') return state;
  if ('sessionId' in event.data) return { ...state, sessions: { admitted: event.data, before: state.sessions } };
  return { status: 'revoked', pass: state.pass };
}

function admittedAs(sessions: AdmittedSessions | null, sessionId: SessionId): AdmittedSession | undefined {
  for (let rest = sessions; rest !== null; rest = rest.before) {
    if (rest.admitted.sessionId === sessionId) return rest.admitted;
  }
  return undefined;
}
