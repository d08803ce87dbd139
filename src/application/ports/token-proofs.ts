import type { LoginId, TokenId, UserId } from '../../domain/kernel/ids.ts';
import type { Protocol } from '../../domain/kernel/door.ts';
import type { ShownSignature } from './public-keys.ts';

type PlainProof = { readonly mechanism: 'plain'; readonly secret: string };

/** A client's proof of a SCRAM-SHA-256 exchange (RFC 5802, section 3), channel binding and nonces checked already. */
export type ScramProof = {
  readonly mechanism: 'scram-sha-256';
  /** As it was given for `scramParameters`. */
  readonly userName: string;
  readonly authMessage: string;
  /** 32 bytes; any other length proves nothing. */
  readonly clientProof: Uint8Array;
};

/** What a client proved, by mechanism. `plain` came inside an encrypted channel; `publickey` is a signature still to be checked. */
export type ProofTranscript = PlainProof | ScramProof | ({ readonly mechanism: 'publickey' } & ShownSignature);

/** The token that was proven; `serverSignature` is what proves us to a client that spoke SCRAM, null for the others. */
export interface ProvenToken {
  readonly tokenId: TokenId;
  readonly serverSignature: Uint8Array | null;
}

/** What a client needs to make its SCRAM proof. */
export interface ScramParameters {
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** What the proofs of a token say of it, so that verifying needs no other lookup. */
export interface TokenProofSubject {
  readonly tokenId: TokenId;
  readonly userId: UserId;
  readonly protocols: readonly Protocol[] | null;
  readonly expiresAt: string;
}

/**
 * Makes and checks what proves a temporary token (HOUSE.md, "Token proofs"). Callers never hold a verifier.
 * The secret is `spt_` + random base62 (at least 160 bits) + checksum; compared byte for byte in constant time.
 */
export interface TokenProofs {
  /**
   * Draws the secret and seals its verifiers under the token's id, durably, before the token's event is appended.
   * `userName` is the login name of its person and `at` the time. Rejects with kind `limit`, code `proofs-not-cleared`,
   * when too many of the person's tokens that ended have not been cleared away yet.
   */
  issue(subject: TokenProofSubject, userName: string, at: string): Promise<{ readonly secret: string }>;
  /** Salt and iterations for a login name; names that nobody has get theirs too, always the same. */
  scramParameters(userName: string): Promise<ScramParameters>;
  /** The token that the transcript proves, or null. The same work for unknown names and for unknown and malformed secrets. */
  verify(transcript: PlainProof | ScramProof): Promise<ProvenToken | null>;
  /** Deletes the verifiers of a token; absent ones are fine. */
  drop(tokenId: TokenId): Promise<void>;
  /** Ids that have verifiers and when they expire: what the sweep compares with the log. */
  list(): Promise<readonly { readonly tokenId: TokenId; readonly expiresAt: string }[]>;
}

/** The bearer of a web login: `spl_` + random base62; only a keyed digest is kept, under the login's id. */
export interface LoginProofs {
  /** `expiresAt`: when the sweep may delete it. */
  issue(loginId: LoginId, expiresAt: string): Promise<{ readonly secret: string }>;
  verify(secret: string): Promise<LoginId | null>;
  drop(loginId: LoginId): Promise<void>;
  list(): Promise<readonly { readonly loginId: LoginId; readonly expiresAt: string }[]>;
}
