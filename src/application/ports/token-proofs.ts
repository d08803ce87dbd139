import type { LoginId, TokenId, UserId } from '../../domain/kernel/ids.ts';
import type { Protocol } from '../../domain/kernel/door.ts';
import type { ShownSignature } from './public-keys.ts';

type PlainProof = { readonly mechanism: 'plain'; readonly secret: string };

/** What a client proved, by mechanism. `plain` came inside an encrypted channel; `publickey` is a signature still to be checked. */
export type ProofTranscript = PlainProof | ({ readonly mechanism: 'publickey' } & ShownSignature);

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
  /** Draws the secret and seals its verifiers under the token's id, durably, before the token's event is appended. */
  issue(subject: TokenProofSubject): Promise<{ readonly secret: string }>;
  /** The token that the transcript proves, or null. The same work for unknown and malformed secrets. */
  verify(transcript: PlainProof): Promise<TokenId | null>;
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
