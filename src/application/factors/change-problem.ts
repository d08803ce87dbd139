import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { AuthenticationState } from '../../domain/authentication/state.ts';
import type { AuthenticationId, StreamId } from '../../domain/kernel/ids.ts';
import { plusMilliseconds } from '../../domain/kernel/time.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { refused } from '../commands/passes.ts';
import { readState } from '../commands/run-command.ts';
import type { AuditTrailRow } from '../ports/read-models.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import { everyRow, upToHead } from '../reading.ts';
import { type FactorTools, liveFactors } from './factor-tools.ts';

const freshMilliseconds = 15 * 60_000;
const names: readonly string[] = ['OATH', 'WebAuthn', 'RC'];

/**
 * Why this login changes none of its person's second factors; null: it may. Whoever has one shows it first, in this login,
 * at its beginning or since, within 15 minutes: a stolen cookie or a password alone must not become a second factor. What
 * was enrolled in this login just now asks for nothing, so that the first ones are set up in one go, nor do recovery codes
 * alone, which no login asks for either.
 */
export async function changeProblem(deps: FactorTools, viewer: Viewer): Promise<Refused | null> {
  const { userId, loginId } = viewer;
  const since = plusMilliseconds(await deps.tools.now(), -freshMilliseconds);
  const { state: login } = await readState(deps.tools.log, loginDecider, loginId);
  const begun = login.status === 'absent' ? null : await succeeded(deps, login.login.authenticationId);
  const before = begun === null || begun.at < since ? since : begun.at;
  const standing = (await liveFactors(deps, userId)).filter(
    ({ enrolledAt, kind }) => enrolledAt < before && kind !== 'recovery',
  );
  if (standing.length === 0 || (begun !== null && begun.shown && begun.at >= since)) return null;
  for (const { stream } of await recentOnes(deps, viewer, since)) {
    const one = await succeeded(deps, stream as AuthenticationId);
    if (one?.loginId === loginId && one.shown && one.at >= since) return null;
  }
  return refused(
    'fresh-factor-needed',
    'Changing second factors needs one of them, shown within the last 15 minutes: log out, log in again by it, then change it. Who has none left asks an administrator.',
  );
}

interface Shown {
  readonly at: string;
  /** Whether a second factor was among it. */
  readonly shown: boolean;
  /** Of a fresh factor, the login that asked for it. */
  readonly loginId: string | null;
}

async function succeeded({ tools }: FactorTools, authenticationId: AuthenticationId): Promise<Shown | null> {
  const events = await tools.log.readStream(authenticationId);
  const success = events.find(({ type }) => type === 'AuthenticationSucceeded');
  const state: AuthenticationState = (await readState(tools.log, authenticationDecider, authenticationId)).state;
  if (success === undefined || state.status !== 'succeeded') return null;
  const { factors, loginId } = state.success;
  return { at: success.metadata.at, shown: factors.some((name) => names.includes(name)), loginId };
}

async function recentOnes(
  { tools, views: { auditTrail } }: FactorTools,
  { userId }: Viewer,
  since: string,
): Promise<readonly { readonly stream: StreamId }[]> {
  await upToHead(tools.log, auditTrail);
  const where = { userId, type: 'AuthenticationSucceeded', at: { above: since } };
  return everyRow<AuditTrailRow>(auditTrail, 'position', { where });
}
