import { factorDecider } from '../../domain/factor/decider.ts';
import type { EnrolFactor } from '../../domain/factor/commands.ts';
import type { FactorId, UserId } from '../../domain/kernel/ids.ts';
import { userDecider } from '../../domain/user/decider.ts';
import { refused } from '../commands/passes.ts';
import { viewerContext } from '../commands/logins.ts';
import { readState, runCommand } from '../commands/run-command.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import type { EnrolledFactor } from '../ports/login-face.ts';
import { upToHead } from '../reading.ts';
import { closeFactorless } from './close-factorless.ts';
import { factorLabel } from './factor-label.ts';
import { type FactorTools, hasUsable, liveFactors, readFactor, secretIdOf } from './factor-tools.ts';
import { dropFactor } from './remove-factor.ts';

/** So many a person may have; recovery codes do not count. Each one more is one more that a guess may hit. */
const mostFactors = 10;

/** Null: one more may be enrolled. */
export async function tooMany(deps: FactorTools, userId: UserId): Promise<Refused | null> {
  const own = (await liveFactors(deps, userId)).filter(({ kind }) => kind !== 'recovery');
  if (own.length < mostFactors) return null;
  const labels = await Promise.all(own.map(({ factorId }) => factorLabel(deps.tools.log, factorId)));
  return refused(
    'too-many-factors',
    `you have ${String(own.length)} second factors already; remove one first: ${labels.join(', ')}`,
  );
}

/** `secret` is what proves the factor, for custody; null: nothing secret does. */
export async function enrolFactor(
  deps: FactorTools,
  viewer: Viewer,
  factorId: FactorId,
  wish: Omit<EnrolFactor, 'type' | 'at'>,
  secret: Uint8Array | null,
): Promise<EnrolledFactor> {
  const { tools, vault, views } = deps;
  const enrol = (at: string): EnrolFactor => ({ type: 'enrol', ...wish, at });
  // Nothing comes into custody for what is refused, nor a second time for what stands.
  const verdict = factorDecider.decide(enrol(await tools.now()), await readFactor(tools, factorId));
  if (!verdict.ok) return refused(verdict.rejection.code, verdict.rejection.message);
  if (verdict.events.length === 0) return { ok: true, factorId };
  const { userId } = wish;
  const isFirst = !(await hasUsable(deps, userId));
  const context = viewerContext(deps, viewer);
  if (secret !== null) await vault.put(secretIdOf(factorId), secret);
  const result = await runCommand(tools, factorDecider, factorId, context, enrol);
  if (!result.ok) {
    await vault.destroy(secretIdOf(factorId));
    return refused(result.rejection.code, result.rejection.message);
  }
  if (await isGone(deps, userId)) {
    await dropFactor(deps, context, { factorId, userId }, 'user-removed');
    return refused('absent', 'this user was removed in the meantime; nothing was enrolled');
  }
  // Whoever got in without one before, with a stolen password perhaps, is out.
  if (isFirst) await closeFactorless(deps, context, userId, viewer.loginId);
  // What was done stays done when the list can't show it yet: the wait is only for those who look at once.
  await upToHead(tools.log, views.factors).catch(() => undefined);
  return { ok: true, factorId };
}

/** Removed while the factor was enrolled: the reaction to that has not seen it. */
async function isGone({ tools }: FactorTools, userId: UserId): Promise<boolean> {
  const { status } = (await readState(tools.log, userDecider, userId)).state;
  return status !== 'active' && status !== 'disabled';
}
