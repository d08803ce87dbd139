import type { UserId } from '../../domain/kernel/ids.ts';
import type { FactorFace, OwnFactor } from '../ports/login-face.ts';
import { drawRecoveryCodes } from './draw-recovery-codes.ts';
import { factorOwner } from './factor-owner.ts';
import { factorLabel } from './factor-label.ts';
import { beginTotp, finishTotp } from './enrol-totp.ts';
import { beginWebauthnEnrolment, finishWebauthnEnrolment } from './enrol-webauthn.ts';
import { type FactorTools, liveFactors } from './factor-tools.ts';
import { removeFactor } from './remove-factor.ts';

/** Second factors as people see and change their own. */
export function factorFaceOf(deps: FactorTools): FactorFace {
  return {
    ownFactors: (viewer) => factorsShown(deps, viewer.userId),
    factorsOf: async (viewer, userName) => {
      const owner = await factorOwner(deps, viewer, userName);
      return owner.ok ? { ok: true, factors: await factorsShown(deps, owner.userId) } : owner;
    },
    beginTotp: (viewer, label, freshFactor = null) => beginTotp(deps, viewer, label, freshFactor),
    finishTotp: (viewer, wish) => finishTotp(deps, viewer, wish),
    beginWebauthn: (viewer, label, freshFactor = null) => beginWebauthnEnrolment(deps, viewer, label, freshFactor),
    finishWebauthn: (viewer, wish) => finishWebauthnEnrolment(deps, viewer, wish),
    drawRecoveryCodes: (viewer, userName, freshFactor = null) => drawRecoveryCodes(deps, viewer, userName, freshFactor),
    removeFactor: (viewer, factorId, freshFactor = null) => removeFactor(deps, viewer, factorId, freshFactor),
  };
}

async function factorsShown(deps: FactorTools, userId: UserId): Promise<readonly OwnFactor[]> {
  const rows = await liveFactors(deps, userId);
  return Promise.all(
    rows.map(async ({ factorId, kind, enrolledAt, lastUsedAt, codes, spent }) => ({
      factorId,
      kind,
      label: await factorLabel(deps.tools.log, factorId),
      enrolledAt,
      lastUsedAt,
      left: codes === null ? null : codes - spent,
    })),
  );
}
