/** As `/auth/factors` gives it (docs/protocols/http.md). */
export interface Factor {
  readonly factorId: string;
  readonly kind: 'totp' | 'webauthn' | 'recovery';
  readonly label: string;
  readonly enrolledAt: string;
  readonly lastUsedAt: string | null;
  /** Of recovery codes. */
  readonly left: number | null;
}

export const factorKinds: Readonly<Record<Factor['kind'], string>> = {
  totp: 'Authenticator app',
  webauthn: 'Security key or passkey',
  recovery: 'Recovery codes',
};
