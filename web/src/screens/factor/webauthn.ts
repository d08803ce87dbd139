import type { OwnAnswer } from '../../http/own.ts';

const problems: Readonly<Record<string, string>> = {
  NotAllowedError: 'It was not confirmed, or it took too long. Ask for it again.',
  SecurityError: 'Security keys work under the address that this installation is known by, and over HTTPS.',
};

/** What a security key signed, as JSON (WebAuthn Level 3, sections 5.1.1 and 5.1.9). Of the code `not-signed`: try again. */
export async function credentialAsked(options: string): Promise<OwnAnswer<string>> {
  try {
    const json = JSON.parse(options) as PublicKeyCredentialRequestOptionsJSON;
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json);
    const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null;
    if (credential === null) return { ok: false, code: 'not-signed', message: problems.NotAllowedError ?? '' };
    return { ok: true, value: JSON.stringify(credential.toJSON()) };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    const message = problems[name] ?? 'The browser could not use a security key here; take a newer browser or a code.';
    return { ok: false, code: 'not-signed', message };
  }
}
