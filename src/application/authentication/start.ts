import { authenticationDecider } from '../../domain/authentication/decider.ts';
import {
  type AuthenticationStarted,
  type Challenge,
  localProvider,
  type Mechanism,
} from '../../domain/authentication/events.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { type AuthenticationId, streamId } from '../../domain/kernel/ids.ts';
import { type CommandContext, StreamWriter } from '../commands/run-command.ts';
import { holderOfName } from '../admission/verify-pass.ts';
import type { StartedAuthentication } from '../ports/login-face.ts';
import type { LoginFace } from '../ports/login-face.ts';
import { chosenProvider } from './chosen-provider.ts';
import { shownChallenges } from './shown-challenges.ts';
import { type AuthenticationTools, strangerContext } from './tools.ts';

type Attempt = Omit<AuthenticationStarted['data'], 'expiresAt'>;
/** By its stream, which is for us alone. */
type Begun = StartedAuthentication & { readonly authenticationId: AuthenticationId };

/**
 * Begins a login; the same work and answer for names nobody has (security rule A10). Errors: kind `limit` when too many
 * logins from that network have failed, or are begun.
 */
export async function startAuthentication(
  deps: AuthenticationTools,
  wish: Parameters<LoginFace['startAuthentication']>[0],
): Promise<Begun> {
  const { userName, door, clientId, source } = wish;
  deps.brake.begins(source);
  const { name: provider, manner } = await chosenProvider(deps, wish);
  // A directory knows its people by other names than we may: who it is, it says with the answer.
  const userId = provider === localProvider && userName !== null ? await holderOfName(deps, userName) : null;
  const nameKey = userName === null ? null : deps.nameKeys.nameKey('user', userName);
  const challenges = [firstChallenge(deps, manner)];
  const attempt = { userId, nameKey, door, clientId, source, provider, purpose: 'login', loginId: null, challenges };
  const started = await begin(deps, strangerContext(deps, source), { ...attempt, purpose: 'login' });
  if (provider !== localProvider && userName !== null) deps.notes.add(started.authenticationId, { userName });
  return started;
}

/** What somebody shows first: a password here or at a directory, or a page elsewhere. */
export function firstChallenge({ tools }: AuthenticationTools, manner: 'password' | 'redirect'): Challenge {
  const id = tools.ids.uuid();
  const mechanism: Mechanism =
    manner === 'password'
      ? { id, name: 'UP', answerType: 'Text', factorIds: [] }
      : { id, name: 'IDP', answerType: 'StartOob', factorIds: [] };
  return { mechanisms: [mechanism] };
}

/** Errors: kind `invalid` when the aggregate refuses such an attempt. */
export async function begin(
  deps: Pick<AuthenticationTools, 'tools'>,
  context: CommandContext,
  attempt: Attempt,
): Promise<Begun> {
  const authenticationId = streamId('authentication', deps.tools.ids.uuid());
  const writer = new StreamWriter(deps.tools, authenticationDecider, authenticationId);
  const result = await writer.run(context, (at) => ({ type: 'start', attempt, at }));
  if (!result.ok) throw new SallyportError('invalid', result.rejection.code, result.rejection.message);
  const { expiresAt } = result.events[0]?.data as { readonly expiresAt: string };
  return { authenticationId, challenges: shownChallenges(attempt.challenges), expiresAt };
}
