import { refused } from '../commands/passes.ts';
import { inTurnOf } from '../in-turn.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import type { EnrolledFactor, FactorFace } from '../ports/login-face.ts';
import { enrolFactor } from './enrol-factor.ts';
import { beginEnrolment, endProblem, openEnrolment, sealEnrolment } from './enrolment.ts';
import { factorsOf, type FactorTools, liveFactors, readFactor } from './factor-tools.ts';

export async function beginWebauthnEnrolment(
  deps: FactorTools,
  viewer: Viewer,
  label: string,
  freshFactor: string | null,
): ReturnType<FactorFace['beginWebauthn']> {
  const { webauthn } = deps.factorProofs;
  if (webauthn === null) return noName();
  const begun = await beginEnrolment(deps, viewer, label, freshFactor);
  if (!begun.ok) return begun;
  const { factorId, proven } = begun;
  const { options, challenge } = await webauthn.creation(viewer, await ownCredentials(deps, viewer));
  const enrolment = { factorId, label, proof: challenge, proven };
  return { ok: true, options, sealed: await sealEnrolment(deps, viewer, 'webauthn', enrolment) };
}

export function finishWebauthnEnrolment(
  deps: FactorTools,
  viewer: Viewer,
  wish: Parameters<FactorFace['finishWebauthn']>[1],
): Promise<EnrolledFactor> {
  return inTurnOf(factorsOf(viewer.userId), async () => {
    const { webauthn } = deps.factorProofs;
    if (webauthn === null) return noName();
    const begun = await openEnrolment(deps, viewer, 'webauthn', wish.sealed);
    if (!begun.ok) return begun;
    const problem = await endProblem(deps, viewer, begun);
    if (problem !== null) return problem;
    const { factorId, label, proof } = begun;
    const credential = await webauthn.created(wish.credential, proof);
    if (credential === null) {
      return refused(
        'not-verified',
        'this passkey did not answer what it was asked, or was made at another address; nothing was enrolled, begin anew',
      );
    }
    if ((await ownCredentials(deps, viewer)).includes(credential.credentialId)) {
      return refused('already-enrolled', 'you have enrolled this passkey already');
    }
    const shown = {
      userId: viewer.userId,
      label,
      factor: { kind: 'webauthn', ...credential },
      verified: true,
    } as const;
    return enrolFactor(deps, viewer, factorId, shown, null);
  });
}

async function ownCredentials(deps: FactorTools, { userId }: Viewer): Promise<readonly string[]> {
  const rows = (await liveFactors(deps, userId)).filter(({ kind }) => kind === 'webauthn');
  const states = await Promise.all(rows.map(({ factorId }) => readFactor(deps.tools, factorId)));
  return states.flatMap((state) =>
    state.status === 'enrolled' && state.enrolled.kind === 'webauthn' ? [state.enrolled.credentialId] : [],
  );
}

function noName(): Refused {
  return refused(
    'no-host-name',
    'passkeys are bound to a host name, and browsers know this installation by none: an administrator sets publicUrl or publicNames to one',
  );
}
