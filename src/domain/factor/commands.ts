import type { AuthenticationId, UserId } from '../kernel/ids.ts';
import type { Factor, FactorRemoved, FactorUse } from './events.ts';

/** `verified`: the person showed that it works (a first code, an attestation); recovery codes are shown to them instead. */
export type EnrolFactor = {
  readonly type: 'enrol';
  readonly userId: UserId;
  readonly label: string;
  readonly factor: Factor;
  readonly verified: boolean;
  readonly at: string;
};
/** A right code or signature; a wrong one never comes here. The same wish twice is a second use, and refused. */
export type UseFactor = {
  readonly type: 'use';
  readonly userId: UserId;
  readonly authenticationId: AuthenticationId;
  readonly use: FactorUse;
  readonly at: string;
};
export type RemoveFactor = {
  readonly type: 'remove';
  readonly userId: UserId;
  readonly by: FactorRemoved['data']['by'];
};

export type FactorCommand = EnrolFactor | UseFactor | RemoveFactor;
