import { type FactorId, isStreamIdOf, streamId } from '../../domain/kernel/ids.ts';
import { titleProblem } from '../../domain/kernel/names.ts';
import { hasReached, plusMilliseconds } from '../../domain/kernel/time.ts';
import { refused } from '../commands/passes.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import { changeRefusal } from './change-refusal.ts';
import { tooMany } from './enrol-factor.ts';
import { type FactorTools, hasUsable, readFactor } from './factor-tools.ts';
import { needed } from './fresh-factor.ts';

type Kind = 'totp' | 'webauthn';

/** What an enrolment goes on with. `proof`: the key of a TOTP factor in base64url, or the challenge of a passkey. */
export interface Enrolment {
  /** Drawn at the beginning, so that an enrolment makes one factor at most. */
  readonly factorId: FactorId;
  readonly label: string;
  readonly proof: string;
  /** At the beginning the person showed a factor, or had none. */
  readonly proven: boolean;
}

type Begun = { readonly ok: true } & Pick<Enrolment, 'factorId' | 'proven'>;

const enrolmentMilliseconds = 10 * 60_000;

export async function beginEnrolment(
  deps: FactorTools,
  viewer: Viewer,
  label: string,
  freshFactor: string | null,
): Promise<Begun | Refused> {
  const problem = titleProblem(label);
  if (problem !== null) return refused('invalid-label', `factor: ${problem}`);
  const full = await tooMany(deps, viewer.userId);
  if (full !== null) return full;
  const factorId = streamId('factor', deps.tools.ids.uuid());
  const proven = await hasUsable(deps, viewer.userId);
  const use = { purpose: 'enrolment', subjectId: factorId } as const;
  const unproven = await changeRefusal(deps, viewer, { use, freshFactor });
  return unproven ?? { ok: true, factorId, proven };
}

/** What was begun by somebody without a factor ends when there is one: it may not be theirs alone. */
export async function endProblem(
  deps: FactorTools,
  viewer: Viewer,
  { factorId, proven }: Enrolment,
): Promise<Refused | null> {
  if ((await readFactor(deps.tools, factorId)).status !== 'absent') return null;
  if (!proven && (await hasUsable(deps, viewer.userId))) {
    return needed('a second factor was enrolled meanwhile; show it, and begin anew');
  }
  return tooMany(deps, viewer.userId);
}

/** For this person and this login alone to bring back, within 10 minutes. */
export async function sealEnrolment(
  { tools, sealing }: FactorTools,
  viewer: Viewer,
  kind: Kind,
  wish: Enrolment,
): Promise<string> {
  const until = plusMilliseconds(await tools.now(), enrolmentMilliseconds);
  return sealing.seal(purpose(viewer, kind), JSON.stringify({ ...wish, until }));
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
