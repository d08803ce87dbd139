import { isIP } from 'node:net';
import { totpCodes } from '../adapters/factors/totp.ts';
import { type RelyingParty, webauthnChecks } from '../adapters/factors/webauthn.ts';
import type { FactorProofs } from '../application/ports/factor-proofs.ts';
import type { Custody } from './custody.ts';

/** Passkeys are bound to the host name that browsers know the web by; without one there are none. */
export function factorProofsOf({ recoveryCodes }: Pick<Custody, 'recoveryCodes'>, url: string | null): FactorProofs {
  const party = relyingParty(url);
  return { totp: totpCodes, recovery: recoveryCodes, webauthn: party === null ? null : webauthnChecks(party) };
}

function relyingParty(url: string | null): RelyingParty | null {
  if (url === null) return null;
  const { hostname, origin } = new URL(url);
  return isIP(hostname) !== 0 || hostname.startsWith('[') ? null : { id: hostname, origin };
}
