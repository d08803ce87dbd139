import { totpCodes } from '../../../src/adapters/factors/totp.ts';
import { webauthnChecks } from '../../../src/adapters/factors/webauthn.ts';
import { factorFaceOf } from '../../../src/application/factors/factor-face.ts';
import type { FactorTools } from '../../../src/application/factors/factor-tools.ts';
import type { FactorFace } from '../../../src/application/ports/login-face.ts';
import type { House } from './house.ts';

export const webOrigin = 'https://sally.test:8443';

/** Second factors of a house, whose web is at `webOrigin`. */
export function factorsIn({ node }: House): { readonly face: FactorFace; readonly deps: FactorTools } {
  const { recoveryCodes } = node.custody;
  const webauthn = webauthnChecks({ id: 'sally.test', origin: webOrigin });
  const factorProofs = { totp: totpCodes, recovery: recoveryCodes, webauthn };
  const deps = { tools: node.tools, views: node.views, ...node.custody, factorProofs };
  return { face: factorFaceOf(deps), deps };
}
