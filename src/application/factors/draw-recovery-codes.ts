import { streamId } from '../../domain/kernel/ids.ts';
import { viewerContext } from '../commands/logins.ts';
import { inTurnOf } from '../in-turn.ts';
import type { Viewer } from '../ports/viewer.ts';
import type { FactorFace } from '../ports/login-face.ts';
import { changeRefusal } from './change-refusal.ts';
import { enrolFactor } from './enrol-factor.ts';
import { factorOwner } from './factor-owner.ts';
import { factorsOf, type FactorTools, liveFactors, secretIdOf } from './factor-tools.ts';
import { dropFactor } from './remove-factor.ts';

const label = 'recovery codes';

/** Those from before go first: when the rest fails there are none, and never two sets. */
export async function drawRecoveryCodes(
  deps: FactorTools,
  viewer: Viewer,
  userName: string | null,
  freshFactor: string | null,
): ReturnType<FactorFace['drawRecoveryCodes']> {
  const owner = await factorOwner(deps, viewer, userName);
  if (!owner.ok) return owner;
  const { userId } = owner;
  return inTurnOf(factorsOf(userId), async () => {
    const factorId = streamId('factor', deps.tools.ids.uuid());
    const use = { purpose: 'enrolment', subjectId: factorId } as const;
    const unproven = await changeRefusal(deps, viewer, { use, freshFactor });
    if (unproven !== null) return unproven;
    const context = viewerContext(deps, viewer);
    const by = userId === viewer.userId ? 'owner' : 'administrator';
    for (const { kind, factorId: before } of await liveFactors(deps, userId)) {
      if (kind !== 'recovery') continue;
      const dropped = await dropFactor(deps, context, { factorId: before, userId }, by);
      if (!dropped.ok) return dropped;
    }
    const secretId = secretIdOf(factorId);
    const { codes, digests } = deps.factorProofs.recovery.draw(secretId);
    // They are shown to the person, who has nothing to prove by them.
    const wish = {
      userId,
      label,
      factor: { kind: 'recovery', secretId, codes: codes.length },
      verified: true,
    } as const;
    const enrolled = await enrolFactor(deps, viewer, factorId, wish, digests);
    return enrolled.ok ? { ...enrolled, codes } : enrolled;
  });
}
