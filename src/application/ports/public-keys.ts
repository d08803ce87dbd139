import type { PassKeyAlgorithm } from '../../domain/key/events.ts';

/** A public key that somebody brought, read from one line in OpenSSH's form. */
export interface ReadPublicKey {
  readonly algorithm: PassKeyAlgorithm;
  /** Length of the modulus or of the curve's field. */
  readonly bits: number;
  /** `SHA256:` and unpadded base64, as ssh-keygen writes it. */
  readonly fingerprint: string;
  /** As it was written; empty without one. */
  readonly comment: string;
}

export type PublicKeyReading =
  | { readonly ok: true; readonly key: ReadPublicKey }
  /** `message` holds nothing of what was given: it might be a private key. */
  | { readonly ok: false; readonly message: string };

/** A signature as somebody showed it, all in the formats of SSH. */
export interface ShownSignature {
  /** Name of the signature algorithm in the request, such as `rsa-sha2-512`. */
  readonly algorithm: string;
  /** The public key as in the request. */
  readonly key: Uint8Array;
  /**
   * The bytes that have to be signed: at a login session identifier, user name, service, algorithm and key (RFC 4252
   * section 7), else namespace and digest of a message (PROTOCOL.sshsig).
   */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

export interface PublicKeys {
  /** At most 32 KB; refuses certificates, security keys, DSA and what is no sound key. */
  read(line: string): PublicKeyReading;
  /**
   * What a signature in the form of `ssh-keygen -Y sign` claims for this namespace and message, to be verified; null when
   * it is none, or one for another namespace.
   */
  readSignature(text: string, over: { readonly namespace: string; readonly message: string }): ShownSignature | null;
  /** The fingerprint of a public key, whatever its kind and whether it is a sound one. */
  fingerprint(key: Uint8Array): string;
  /** True when the key itself made the signature over exactly these bytes, by a SHA-2 algorithm that fits the key. */
  verify(shown: ShownSignature): boolean;
}
