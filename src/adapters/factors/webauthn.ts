import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { COSEALG, decodeAttestationObject, decodeClientDataJSON } from '@simplewebauthn/server/helpers';
import type { WebauthnChecks } from '../../application/ports/factor-proofs.ts';

/** Where passkeys of ours count. */
export interface RelyingParty {
  /** A host name: neither an IP address nor with a port (Web Authentication, section 5.1.2). */
  readonly id: string;
  /** `https://host` or `https://host:port`. */
  readonly origin: string;
}

const algorithms = [COSEALG.EdDSA, COSEALG.ES256, COSEALG.RS256];
const timeout = 120_000;

/** As a second factor: somebody has to be there, but proved who they are by other means already. */
const presenceAlone = { requireUserVerification: false } as const;

/** Passkeys as second factors. What the library throws is a no: its texts name what was sent. */
export function webauthnChecks({ id, origin }: RelyingParty): WebauthnChecks {
  const here = { expectedOrigin: origin, expectedRPID: id, ...presenceAlone };
  return {
    creation: async ({ userId, userName }, known) => {
      const options = await generateRegistrationOptions({
        rpName: 'Sallyport',
        rpID: id,
        userID: new TextEncoder().encode(userId),
        userName,
        userDisplayName: userName,
        timeout,
        attestationType: 'none',
        excludeCredentials: known.map((credential) => ({ id: credential })),
        authenticatorSelection: { residentKey: 'discouraged', userVerification: 'discouraged' },
        supportedAlgorithmIDs: algorithms,
      });
      return { options: JSON.stringify(options), challenge: options.challenge };
    },

    created: (answer, challenge) =>
      orNull(async () => {
        const response = JSON.parse(answer) as RegistrationResponseJSON;
        if (!isPlain(response)) return null;
        const options = { ...here, response, expectedChallenge: challenge, supportedAlgorithmIDs: algorithms };
        const { verified, registrationInfo } = await verifyRegistrationResponse(options);
        if (!verified) return null;
        const { credential } = registrationInfo;
        const publicKey = Buffer.from(credential.publicKey).toString('base64url');
        return { credentialId: credential.id, publicKey, counter: credential.counter };
      }),

    request: async (known) => {
      const options = await generateAuthenticationOptions({
        rpID: id,
        allowCredentials: known.map((credential) => ({ id: credential })),
        timeout,
        userVerification: 'discouraged',
      });
      return { options: JSON.stringify(options), challenge: options.challenge };
    },

    credentialOf: (answer) => {
      try {
        const { id: credential } = JSON.parse(answer) as { readonly id?: unknown };
        return typeof credential === 'string' ? credential : null;
      } catch {
        return null;
      }
    },

    shown: (answer, challenge, { credentialId, publicKey, counter }) =>
      orNull(async () => {
        const response = JSON.parse(answer) as AuthenticationResponseJSON;
        if (isFramed(response.response.clientDataJSON)) return null;
        const credential = {
          id: credentialId,
          publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
          counter,
        };
        if (response.id !== credentialId) return null;
        const options = { ...here, response, expectedChallenge: challenge, credential };
        const { verified, authenticationInfo } = await verifyAuthenticationResponse(options);
        return verified ? authenticationInfo.newCounter : null;
      }),
  };
}

/**
 * No attestation was asked for, so that there is none, or one by the new key itself (section 5.4.7). Others are not even
 * looked at: their certificates name addresses that would be asked for revocation lists (security rule W5).
 */
function isPlain({ response }: RegistrationResponseJSON): boolean {
  if (isFramed(response.clientDataJSON)) return false;
  const attestation = decodeAttestationObject(new Uint8Array(Buffer.from(response.attestationObject, 'base64url')));
  const format = attestation.get('fmt');
  return format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined);
}

/** Said in a page of somebody else around ours. */
function isFramed(clientDataJSON: string): boolean {
  return decodeClientDataJSON(clientDataJSON).crossOrigin === true;
}

async function orNull<T>(work: () => Promise<T | null>): Promise<T | null> {
  try {
    return await work();
  } catch {
    return null;
  }
}
