import { currentMechanism } from '../../domain/authentication/challenges.ts';
import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { Mechanism } from '../../domain/authentication/events.ts';
import type { PendingAuthentication } from '../../domain/authentication/state.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { readState, StreamWriter } from '../commands/run-command.ts';
import type { BegunMechanism, LoginFace } from '../ports/login-face.ts';
import { inProviderTurn } from './provider-turns.ts';
import { sealRound } from './round.ts';
import { type AuthenticationTools, strangerContext } from './tools.ts';

const over: BegunMechanism = {
  status: 'failed',
  message: 'this login attempt is over or was never begun; start a new one',
};

/** Gets what an answer to IDP or WebAuthn needs first. Errors: `unavailable` when the provider is of no use now, `limit` as at the start. */
export async function beginMechanism(
  deps: AuthenticationTools,
  { authenticationId, mechanismId, source }: Parameters<LoginFace['beginMechanism']>[0],
): Promise<BegunMechanism> {
  if (!isStreamIdOf('authentication', authenticationId)) return over;
  deps.brake.begins(source);
  const { state } = await readState(deps.tools.log, authenticationDecider, authenticationId);
  const mechanism = state.status === 'pending' ? currentMechanism(state, mechanismId) : undefined;
  if (state.status !== 'pending' || mechanism === undefined) return over;
  const begun = await begin(deps, state, mechanism);
  if (begun === null) return { status: 'failed', message: 'this cannot be begun here; choose another way to log in' };
  const roundId = deps.tools.ids.uuid();
  const result = await new StreamWriter(deps.tools, authenticationDecider, authenticationId).run(
    strangerContext(deps, source),
    (at) => ({ type: 'begin', mechanismId, roundId, at }),
  );
  if (!result.ok) return { status: 'failed', message: result.rejection.message };
  // The time of the attempt was over.
  if (result.events.some(({ type }) => type !== 'MechanismBegun')) return over;
  const round = sealRound(deps.sealing, { authenticationId, mechanismId, roundId, pending: begun.pending });
  return 'url' in begun
    ? { status: 'begun', round, redirect: begun.url, options: null }
    : { status: 'begun', round, redirect: null, options: begun.options };
}

type Begun = { readonly pending: string } & ({ readonly url: string } | { readonly options: string });

async function begin(
  deps: AuthenticationTools,
  { attempt, person }: PendingAuthentication,
  mechanism: Mechanism,
): Promise<Begun | null> {
  if (mechanism.name === 'WebAuthn') return person === null ? null : deps.factors.begin(mechanism, person);
  if (mechanism.name !== 'IDP') return null;
  const provider = await deps.providers.redirect(attempt.provider);
  return provider === null ? null : inProviderTurn(attempt.provider, () => provider.begin());
}
