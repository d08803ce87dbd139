export const keyAlgorithms = ['ed25519', 'rsa', 'ecdsa'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

/** What custody holds of an SSH key, sealed as UTF-8 JSON of just these two fields. */
export interface PrivateKey {
  /** PEM (PKCS#1, SEC1) or OpenSSH format. */
  readonly privateKey: string;
  /** Null when `privateKey` is not encrypted in itself. */
  readonly passphrase: string | null;
}

export interface KeyPair extends PrivateKey {
  /** OpenSSH public key line without comment. */
  readonly publicKey: string;
}

export type KeyReading =
  | {
      readonly ok: true;
      readonly pair: KeyPair;
      /** False for an encrypted key in OpenSSH format: whether its passphrase fits shows at the first use. */
      readonly passphraseChecked: boolean;
    }
  /** `message` never holds any of the key. */
  | { readonly ok: false; readonly field: 'privateKey' | 'passphrase'; readonly message: string };

export interface KeyPairs {
  generate(algorithm: KeyAlgorithm): Promise<KeyPair>;
  /** A private key somebody brought: at most 64 KB, bounded key derivation, RSA from 2048 bits, ECDSA or Ed25519. */
  read(privateKey: string, passphrase: string | null): KeyReading;
}
