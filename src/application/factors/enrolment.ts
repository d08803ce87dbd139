import { isStreamIdOf, type FactorId } from '../../domain/kernel/ids.ts';
import { titleProblem } from '../../domain/kernel/names.ts';
import { hasReached, plusMilliseconds } from '../../domain/kernel/time.ts';
import { streamId } from '../../domain/kernel/ids.ts';
import { refused } from '../commands/passes.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import { changeProblem } from './change-problem.ts';
import { tooMany } from './enrol-factor.ts';
import type { FactorTools } from './factor-tools.ts';

type Kind = 'totp' | 'webauthn';

/** What an enrolment goes on with. `proof`: the key of a TOTP factor in base64url, or the challenge of a passkey. */
export interface Enrolment {
  /** Drawn at the beginning, so that an enrolment makes one factor at most. */
  readonly factorId: FactorId;
  readonly label: string;
  readonly proof: string;
}

const enrolmentMilliseconds = 10 * 60_000;

/** Why nothing can be begun; null: it can. */
export async function beginProblem(deps: FactorTools, viewer: Viewer, label: string): Promise<Refused | null> {
  const problem = titleProblem(label);
  if (problem !== null) return refused('invalid-label', `factor: ${problem}`);
  return (await changeProblem(deps, viewer)) ?? tooMany(deps, viewer.userId);
}

/** For this person and this login alone to bring back, within 10 minutes. */
export async function sealEnrolment(
  { tools, sealing }: FactorTools,
  viewer: Viewer,
  kind: Kind,
  wish: Omit<Enrolment, 'factorId'>,
): Promise<string> {
  const factorId = streamId('factor', tools.ids.uuid());
  const until = plusMilliseconds(await tools.now(), enrolmentMilliseconds);
  return sealing.seal(purpose(viewer, kind), JSON.stringify({ ...wish, factorId, until }));
}

export async function openEnrolment(
  { tools, sealing }: FactorTools,
  viewer: Viewer,
  kind: Kind,
  sealed: string,
): Promise<({ readonly ok: true } & Enrolment) | Refused> {
  const text = sealing.open(purpose(viewer, kind), sealed);
  const begun = text === null ? null : (JSON.parse(text) as Enrolment & { readonly until: string });
  if (begun === null || !isStreamIdOf('factor', begun.factorId)) {
    return refused('not-begun', 'this enrolment was not begun by this login; begin anew');
  }
  if (hasReached(await tools.now(), begun.until)) {
    return refused('enrolment-over', 'the time to enrol this factor, 10 minutes, is over; begin anew');
  }
  return { ok: true, ...begun };
}

function purpose({ userId, loginId }: Viewer, kind: Kind): string {
  return `factor enrolment ${kind} ${userId} ${loginId}`;
}
