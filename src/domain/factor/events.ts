import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { AuthenticationId, UserId } from '../kernel/ids.ts';
import type { Personal } from '../kernel/personal.ts';

/** RFC 6238: 30 s a step. `secretId` names the sealed key in the vault, `step` is that of the code shown at enrolment. */
interface TotpFactor {
  readonly kind: 'totp';
  readonly secretId: string;
  readonly step: number;
}
/** WebAuthn Level 3: credential id and COSE key in base64url, the signature counter as the authenticator reported it. */
interface WebauthnFactor {
  readonly kind: 'webauthn';
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: number;
}
/** `secretId` names the sealed digests in the vault; codes are known by their place, from 0. */
interface RecoveryFactor {
  readonly kind: 'recovery';
  readonly secretId: string;
  readonly codes: number;
}
export type Factor = TotpFactor | WebauthnFactor | RecoveryFactor;

/** What was shown: the time step of the code, the authenticator's counter, or the place of the recovery code. */
export type FactorUse =
  | { readonly kind: 'totp'; readonly step: number }
  | { readonly kind: 'webauthn'; readonly counter: number }
  | { readonly kind: 'recovery'; readonly code: number };

export type FactorEnrolled = DomainEvent<
  'FactorEnrolled',
  { readonly userId: UserId; readonly label: Personal; readonly factor: Factor }
>;
/** Appended with the expected version before the answer counts: a code opens one attempt, however many try it at once. */
export type FactorUsed = DomainEvent<
  'FactorUsed',
  { readonly userId: UserId; readonly authenticationId: AuthenticationId; readonly use: FactorUse }
>;
export type FactorRemoved = DomainEvent<
  'FactorRemoved',
  { readonly userId: UserId; readonly by: 'owner' | 'administrator' | 'user-removed' }
>;

export type FactorEvent = FactorEnrolled | FactorUsed | FactorRemoved;

export const factorEvents: EventSchemas<FactorEvent> = {
  FactorEnrolled: { version: 1, personal: ['label'], person: 'userId' },
  FactorUsed: { version: 1 },
  FactorRemoved: { version: 1 },
};
