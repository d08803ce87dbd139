import { inTurnOf } from '../in-turn.ts';
import type { Viewer } from '../ports/viewer.ts';
import type { EnrolledFactor, FactorFace } from '../ports/login-face.ts';
import { enrolFactor } from './enrol-factor.ts';
import { beginEnrolment, endProblem, openEnrolment, sealEnrolment } from './enrolment.ts';
import { factorsOf, type FactorTools, secretIdOf } from './factor-tools.ts';

/** RFC 6238; of a code that is right for none the domain only needs to hear that it is not verified. */
const stepMilliseconds = 30_000;

/** Draws a key and shows it once; nothing is kept before a right code comes. */
export async function beginTotp(
  deps: FactorTools,
  viewer: Viewer,
  label: string,
  freshFactor: string | null,
): ReturnType<FactorFace['beginTotp']> {
  const begun = await beginEnrolment(deps, viewer, label, freshFactor);
  if (!begun.ok) return begun;
  const { factorId, proven } = begun;
  const key = deps.factorProofs.totp.newKey();
  const proof = Buffer.from(key).toString('base64url');
  const sealed = await sealEnrolment(deps, viewer, 'totp', { factorId, label, proof, proven });
  return { ok: true, ...deps.factorProofs.totp.shown(key, viewer.userName), sealed };
}

/** The first code: its step is the newest that was used, so that it logs nobody in. */
export function finishTotp(
  deps: FactorTools,
  viewer: Viewer,
  wish: Parameters<FactorFace['finishTotp']>[1],
): Promise<EnrolledFactor> {
  return inTurnOf(factorsOf(viewer.userId), async () => {
    const begun = await openEnrolment(deps, viewer, 'totp', wish.sealed);
    if (!begun.ok) return begun;
    const problem = await endProblem(deps, viewer, begun);
    if (problem !== null) return problem;
    const { factorId, label, proof } = begun;
    const key = Buffer.from(proof, 'base64url');
    const now = await deps.tools.now();
    const step = deps.factorProofs.totp.stepOf(key, wish.code, now);
    const factor = {
      kind: 'totp',
      secretId: secretIdOf(factorId),
      step: step ?? Math.floor(Date.parse(now) / stepMilliseconds),
    } as const;
    const { userId } = viewer;
    const shown = { userId, label, factor, verified: step !== null };
    return enrolFactor(deps, viewer, factorId, shown, key);
  });
}
