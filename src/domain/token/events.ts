import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { AdmittedSession, PassFacts, PassRevocation } from '../kernel/pass.ts';

/** Holds no verifier: what proves the secret is sealed under the token's id behind the port TokenProofs. */
export type TemporaryTokenIssued = DomainEvent<'TemporaryTokenIssued', PassFacts>;
export type TemporaryTokenRevoked = DomainEvent<'TemporaryTokenRevoked', PassRevocation>;

/**
 * The opening of a session, appended to the stream of its pass, token or key, with the expected version before any byte
 * reaches the target. Law: none stands after the revocation of its pass.
 */
export type SessionAdmitted = DomainEvent<'SessionAdmitted', AdmittedSession>;

export type TokenEvent = TemporaryTokenIssued | TemporaryTokenRevoked | SessionAdmitted;

export const tokenEvents: EventSchemas<TokenEvent> = {
  TemporaryTokenIssued: { version: 1 },
  // Version 1 knew no identity providers.
  TemporaryTokenRevoked: { version: 2, upcasts: { 1: (data) => ({ ...data, how: null }) } },
  SessionAdmitted: { version: 1 },
};
