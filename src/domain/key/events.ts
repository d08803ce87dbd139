import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { LoginId, UserId } from '../kernel/ids.ts';
import type { AdmittedSession, PassRevocation } from '../kernel/pass.ts';
import type { Personal } from '../kernel/personal.ts';

/** Kinds of public keys that can be a pass, by their name in SSH. */
export const passKeyAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
] as const;
export type PassKeyAlgorithm = (typeof passKeyAlgorithms)[number];

/**
 * A person's own public key, made a pass for SSH. The key itself is not kept: whoever shows a key shows all of it, and
 * its fingerprint decides. Fingerprint and comment tell whose key it is, so both are sealed as personal data; a door
 * finds the key by `nameKey`, the keyed digest of the fingerprint, under which it is reserved.
 */
export type PublicKeyRegistered = DomainEvent<
  'PublicKeyRegistered',
  {
    readonly userId: UserId;
    readonly loginId: LoginId;
    readonly algorithm: PassKeyAlgorithm;
    readonly bits: number;
    readonly nameKey: string;
    /** `SHA256:` and unpadded base64, as ssh-keygen writes it. */
    readonly fingerprint: Personal;
    readonly comment: Personal;
    readonly expiresAt: string;
  }
>;
export type PublicKeyRevoked = DomainEvent<'PublicKeyRevoked', PassRevocation>;

export type KeyEvent = PublicKeyRegistered | PublicKeyRevoked | DomainEvent<'SessionAdmitted', AdmittedSession>;

export const keyEvents: EventSchemas<PublicKeyRegistered | PublicKeyRevoked> = {
  PublicKeyRegistered: { version: 1, personal: ['fingerprint', 'comment'], person: 'userId' },
  // Version 1 knew no identity providers.
  PublicKeyRevoked: { version: 2, upcasts: { 1: (data) => ({ ...data, how: null }) } },
};
