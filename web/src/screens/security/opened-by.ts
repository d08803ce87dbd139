const shown: Readonly<Record<string, string>> = {
  UP: 'a password',
  IDP: 'a login there',
  OATH: 'a code',
  RC: 'a recovery code',
  WebAuthn: 'a security key',
};

/** What a login was opened by: `local, with a password and a code`. */
export function openedBy(provider: string, factors: readonly string[]): string {
  const names = factors.map((factor) => shown[factor] ?? factor);
  return names.length === 0 ? provider : `${provider}, with ${names.join(' and ')}`;
}
