import type { AnswerChallenge, StartAuthentication } from '../../../src/domain/authentication/commands.ts';
import { attemptMilliseconds } from '../../../src/domain/authentication/decider.ts';
import type {
  AuthenticationEvent,
  AuthenticationFailureReason,
  AuthenticationSucceeded,
  Challenge,
  Mechanism,
} from '../../../src/domain/authentication/events.ts';
import { type FactorId, streamId, type UserId } from '../../../src/domain/kernel/ids.ts';
import { id, time } from '../kit/ids.ts';

export const [ann, ben] = [id('user', 1), id('user', 2)];
export const loginId = id('login');
export const [phone, stick] = [id('factor', 1), id('factor', 2)];
export const identityId = streamId('identity', 'a'.repeat(64));
export const otherIdentity = streamId('identity', 'b'.repeat(64));
export const by = (name: Mechanism['name'], mechanismId: string, ...factorIds: readonly FactorId[]): Challenge => ({
  mechanisms: [{ id: mechanismId, name, answerType: name === 'IDP' ? 'StartOob' : 'Text', factorIds }],
});
export const [up, idp, oath, key] = [
  by('UP', 'up'),
  by('IDP', 'idp'),
  by('OATH', 'oath', phone),
  by('WebAuthn', 'key', stick),
];

export type Attempt = StartAuthentication['attempt'];
export const atProvider: Attempt = {
  userId: null,
  nameKey: null,
  door: 'web',
  clientId: null,
  source: '127.0.0.1',
  provider: 'corp',
  purpose: 'login',
  loginId: null,
  challenges: [idp],
};
export const local: Attempt = { ...atProvider, userId: ann, nameKey: 'key-ann', provider: 'local', challenges: [up] };
export const fresh: Attempt = { ...local, purpose: 'fresh-factor', loginId, challenges: [oath] };
export const linking: Attempt = { ...atProvider, userId: ann, purpose: 'link', loginId };

export const started = (attempt: Attempt): AuthenticationEvent => ({
  type: 'AuthenticationStarted',
  data: { ...attempt, expiresAt: time(attemptMilliseconds) },
});
export const begun = (challenge = 0, mechanismId = 'idp', roundId = 'r1'): AuthenticationEvent => ({
  type: 'MechanismBegun',
  data: { challenge, mechanismId, roundId },
});
export const answered = (
  challenge: number,
  mechanismId: string,
  factorId: FactorId | null = null,
): AuthenticationEvent => ({
  type: 'ChallengeAnswered',
  data: { challenge, mechanismId, accepted: true, factorId, passwordId: null },
});
export const wrong = (challenge: number, mechanismId: string): AuthenticationEvent => ({
  type: 'ChallengeAnswered',
  data: { challenge, mechanismId, accepted: false, factorId: null, passwordId: null },
});
export const identified = (userId: UserId | null = ann): AuthenticationEvent => ({
  type: 'AuthenticationIdentified',
  data: { userId, identityId },
});
export const appended = (...challenges: readonly Challenge[]): AuthenticationEvent => ({
  type: 'ChallengesAppended',
  data: { challenges },
});
export const failed = (reason: AuthenticationFailureReason, userId: UserId | null = ann): AuthenticationEvent => ({
  type: 'AuthenticationFailed',
  data: { userId, reason, door: 'web', source: '127.0.0.1' },
});
export const succeeded = (
  attempt: Attempt,
  factors: readonly string[],
  change: Partial<AuthenticationSucceeded['data']> = {},
): AuthenticationEvent => {
  const { clientId, door, provider, purpose } = attempt;
  const data = { userId: ann, factors, clientId, door, provider, purpose, loginId: attempt.loginId, identityId: null };
  return { type: 'AuthenticationSucceeded', data: { ...data, ...change } };
};
export const answer = (mechanismId: string, change: Partial<AnswerChallenge> = {}): AnswerChallenge => ({
  type: 'answer',
  mechanismId,
  roundId: null,
  verified: true,
  identity: null,
  passwordId: null,
  factor: null,
  userStanding: 'active',
  identityStanding: null,
  required: [],
  at: time(1),
  ...change,
});
export const named = (change: Partial<AnswerChallenge> = {}, linkedTo: UserId | null = ann): AnswerChallenge =>
  answer('idp', {
    roundId: 'r1',
    identity: { identityId, provider: 'corp', linkedTo },
    identityStanding: 'active',
    ...change,
  });
export const code = (change: Partial<AnswerChallenge> = {}): AnswerChallenge =>
  answer('oath', { factor: { factorId: phone, userId: ann }, ...change });
