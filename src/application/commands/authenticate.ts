import { authenticationDecider } from '../../domain/authentication/decider.ts';
import {
  type AuthenticationEvent,
  type AuthenticationFailureReason,
  type AuthenticationSucceeded,
  type Challenge,
  localProvider,
} from '../../domain/authentication/events.ts';
import type { PendingAuthentication } from '../../domain/authentication/state.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { type AuthenticationId, isStreamIdOf, streamId, type UserId } from '../../domain/kernel/ids.ts';
import { plusMilliseconds } from '../../domain/kernel/time.ts';
import { loginDecider, longestLoginMilliseconds } from '../../domain/login/decider.ts';
import { userDecider } from '../../domain/user/decider.ts';
import type { UserState } from '../../domain/user/state.ts';
import { holderOfName } from '../admission/verify-pass.ts';
import type {
  Application,
  AuthenticationProgress,
  ShownChallenge,
  StartedAuthentication,
} from '../ports/application-face.ts';
import type { Passwords } from '../ports/passwords.ts';
import type { NameKeys } from '../ports/system.ts';
import type { LoginProofs } from '../ports/token-proofs.ts';
import type { Vault } from '../ports/vault.ts';
import { type CommandContext, type CommandTools, readState, StreamWriter } from './run-command.ts';

export interface AuthenticateTools {
  readonly tools: CommandTools;
  readonly nameKeys: NameKeys;
  readonly passwords: Passwords;
  readonly vault: Vault;
  readonly loginProofs: LoginProofs;
}

/** A login that nobody uses for so long has ended (A7). */
const idleMilliseconds = { web: 15 * 60_000, cli: longestLoginMilliseconds } as const;

const failed = { status: 'failed', message: 'the login failed: user name or password are wrong' } as const;

const failureTexts: Partial<Record<AuthenticationFailureReason, string>> = {
  disabled: 'the login failed: this account is disabled; ask an administrator',
  'must-change': 'the login failed: this password must be changed first; ask an administrator to set a new one',
};

/** Begins an attempt; the same work and answer for names nobody has. */
export async function startAuthentication(
  deps: AuthenticateTools,
  wish: Parameters<Application['startAuthentication']>[0],
): Promise<StartedAuthentication> {
  const authenticationId = streamId('authentication', deps.tools.ids.uuid());
  const userId = await holderOfName(deps, wish.userName);
  const challenges: readonly Challenge[] = [
    { mechanisms: [{ id: deps.tools.ids.uuid(), name: 'UP', answerType: 'Text', factorIds: [] }] },
  ];
  const result = await new StreamWriter(deps.tools, authenticationDecider, authenticationId).run(
    strangerContext(deps, wish.source),
    (at) => ({
      type: 'start',
      attempt: {
        userId,
        nameKey: deps.nameKeys.nameKey('user', wish.userName),
        door: wish.door,
        clientId: wish.clientId,
        source: wish.source,
        provider: localProvider,
        purpose: 'login',
        loginId: null,
        challenges,
      },
      at,
    }),
  );
  const started = result.ok ? result.events[0] : undefined;
  if (started?.type !== 'AuthenticationStarted') {
    throw new SallyportError('internal', 'authentication-not-started', 'the login could not be started; try again');
  }
  return {
    authenticationId,
    challenges: shown(challenges),
    expiresAt: (started.data as { expiresAt: string }).expiresAt,
  };
}

/** Takes one answer: checks it, lets the aggregate decide, and opens a login once every challenge is met. */
export async function advanceAuthentication(
  deps: AuthenticateTools,
  wish: Parameters<Application['advanceAuthentication']>[0],
): Promise<AuthenticationProgress> {
  const id = wish.authenticationId;
  if (!isStreamIdOf('authentication', id)) return failed;
  const { state } = await readState(deps.tools.log, authenticationDecider, id);
  if (state.status !== 'pending') return failed;
  const fact = await checkPassword(deps, state.attempt.userId, wish.answer);
  const result = await new StreamWriter(deps.tools, authenticationDecider, id).run(
    strangerContext(deps, wish.source),
    (at) => ({
      type: 'answer',
      mechanismId: wish.mechanismId,
      roundId: null,
      ...fact,
      identity: null,
      factor: null,
      identityStanding: null,
      required: [],
      at,
    }),
  );
  if (!result.ok) return failed;
  const events = result.events as readonly AuthenticationEvent[];
  const success = events.find((event) => event.type === 'AuthenticationSucceeded');
  if (success !== undefined) return openLogin(deps, id, state, success.data);
  const failure = events.find((event) => event.type === 'AuthenticationFailed');
  if (failure !== undefined) return failureOf(failure.data.reason);
  const after = events.reduce(authenticationDecider.evolve, state);
  if (after.status !== 'pending') return failed;
  return { status: 'next', challenges: shown(after.challenges.slice(after.challenge)) };
}

function shown(challenges: readonly Challenge[]): readonly ShownChallenge[] {
  return challenges.map(({ mechanisms }) => ({
    mechanisms: mechanisms.map(({ id, name, answerType }) => ({ id, name, answerType })),
  }));
}

/** Only who met every challenge learns more than that it failed (A10). */
function failureOf(reason: AuthenticationFailureReason): AuthenticationProgress {
  const message = failureTexts[reason];
  return message === undefined ? failed : { status: 'failed', message };
}

interface AnswerFact {
  readonly passwordId: string | null;
  readonly verified: boolean;
  readonly userStanding: 'active' | 'disabled' | 'must-change';
}

/** The same hashing work whether the user exists, has a password, or not (A10). */
async function checkPassword(deps: AuthenticateTools, userId: UserId | null, answer: string): Promise<AnswerFact> {
  const user: UserState =
    userId === null ? { status: 'absent' } : (await readState(deps.tools.log, userDecider, userId)).state;
  const password = user.status === 'active' || user.status === 'disabled' ? user.password : null;
  const hash = password === null ? null : Buffer.from(await deps.vault.open(password.secretId)).toString('utf8');
  const verified = await deps.passwords.verify(hash, answer);
  const passwordId = password?.secretId ?? null;
  if (user.status !== 'active') return { verified, passwordId, userStanding: 'disabled' };
  return { verified, passwordId, userStanding: password?.mustChange === true ? 'must-change' : 'active' };
}

async function openLogin(
  deps: AuthenticateTools,
  authenticationId: AuthenticationId,
  state: PendingAuthentication,
  success: AuthenticationSucceeded['data'],
): Promise<AuthenticationProgress> {
  const { userId, factors, provider, identityId } = success;
  const door = state.attempt.door === 'web' ? 'web' : 'cli';
  const loginId = streamId('login', deps.tools.ids.uuid());
  const longest = plusMilliseconds(await deps.tools.now(), longestLoginMilliseconds);
  const { secret } = await deps.loginProofs.issue(loginId, longest);
  const context: CommandContext = {
    actor: { kind: 'user', userId },
    correlationId: deps.tools.ids.uuid(),
    causationId: null,
  };
  const result = await new StreamWriter(deps.tools, loginDecider, loginId).run(context, (at) => ({
    type: 'open',
    login: {
      userId,
      authenticationId,
      door,
      source: state.attempt.source,
      factors,
      provider,
      identityId,
      idleMilliseconds: idleMilliseconds[door],
    },
    ttlMilliseconds: longestLoginMilliseconds,
    at,
  }));
  const opened = result.ok ? result.events[0] : undefined;
  if (opened === undefined)
    throw new SallyportError('internal', 'login-not-opened', 'the login could not be opened; try again');
  const { expiresAt } = opened.data as { expiresAt: string };
  const name = await userNameOf(deps, userId);
  return { status: 'success', login: { loginId, secret, expiresAt }, user: { id: userId, name } };
}

/** The login name as it was given when the user was made; sealed in the log, opened on read. */
export async function userNameOf({ tools }: Pick<AuthenticateTools, 'tools'>, userId: UserId): Promise<string> {
  const created = (await tools.log.readStream(userId)).find((event) => event.type === 'UserCreated');
  const name = (created?.data as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' ? name : '(shredded)';
}

function strangerContext({ tools }: Pick<AuthenticateTools, 'tools'>, source: string): CommandContext {
  return { actor: { kind: 'unknown', source }, correlationId: tools.ids.uuid(), causationId: null };
}
