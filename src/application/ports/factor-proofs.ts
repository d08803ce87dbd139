/** What shows that a second factor is at hand. Nothing here looks at a clock or remembers: that a code counts once is the stream's. */
export interface FactorProofs {
  readonly totp: TotpCodes;
  readonly recovery: RecoveryCodes;
  /** Null: browsers have no host name of ours, which passkeys are bound to. */
  readonly webauthn: WebauthnChecks | null;
}

/** RFC 6238 with HMAC-SHA-1, 30 s and 6 digits, as authenticator apps know it. */
export interface TotpCodes {
  /** 20 random bytes. */
  newKey(): Uint8Array;
  /** For an authenticator app: the key in base32, and an otpauth address. */
  shown(key: Uint8Array, account: string): { readonly secret: string; readonly uri: string };
  /** The newest step, one from that of `at` at most, whose code this is; null: none. Blanks in the code are dropped. */
  stepOf(key: Uint8Array, code: string, at: string): number | null;
}

/** `setId` names the set and is part of every digest, so that a code is none of another set. */
export interface RecoveryCodes {
  /** `digests` is what custody keeps of the codes. */
  draw(setId: string): { readonly codes: readonly string[]; readonly digests: Uint8Array };
  /** The place of the code in its set, from 0; null: it is none. Case, blanks and hyphens do not matter. */
  placeOf(setId: string, digests: Uint8Array, code: string): number | null;
}

/** What an authenticator registered: id and COSE key in base64url, and its signature counter. */
export interface WebauthnCredential {
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: number;
}

/** Web Authentication Level 3. `options` and answers are JSON as the browser has it (sections 5.1.8 to 5.1.10). */
export interface WebauthnChecks {
  /** `known`: credentials that need not be made again. */
  creation(
    person: { readonly userId: string; readonly userName: string },
    known: readonly string[],
  ): Promise<{ readonly options: string; readonly challenge: string }>;
  /** Null: this does not answer the challenge, or not here. */
  created(answer: string, challenge: string): Promise<WebauthnCredential | null>;
  request(known: readonly string[]): Promise<{ readonly options: string; readonly challenge: string }>;
  /** Which credential an answer says it is of; null: it says nothing that can be read. */
  credentialOf(answer: string): string | null;
  /** The counter that was shown; null: this is no signature of the credential over the challenge, here. */
  shown(answer: string, challenge: string, credential: WebauthnCredential): Promise<number | null>;
}
