import { generateServiceProviderMetadata, SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import type { ProviderMetadata } from './provider-metadata.ts';
import { persistentFormat } from './xml-walk.ts';

/** We as the provider knows us. */
export interface ServiceProvider {
  readonly entityId: string;
  /** Where the browser brings the answer. */
  readonly callbackUrl: string;
}

/**
 * node-saml for one message with our id. It writes requests and proves signatures; times, audience and what was asked
 * are judged by our own rules, on the signed bytes and with our clock, so its own checks of these are off.
 */
export function nodeSaml(us: ServiceProvider, them: ProviderMetadata, id: string, responseSigned = true): SAML {
  return new SAML({
    issuer: us.entityId,
    callbackUrl: us.callbackUrl,
    entryPoint: them.signOn,
    logoutUrl: them.logout ?? them.signOn,
    idpCert: [...them.signingCertificates],
    identifierFormat: persistentFormat,
    disableRequestedAuthnContext: true,
    generateUniqueId: () => id,
    // Where the Response is not signed, node-saml asks for the signature of the Assertion by itself.
    wantAuthnResponseSigned: responseSigned,
    wantAssertionsSigned: false,
    validateInResponseTo: ValidateInResponseTo.never,
    audience: false,
    acceptedClockSkewMs: -1,
  });
}

/** Our metadata, for the provider: address of the answer, persistent NameID, signed assertions. */
export function serviceMetadata(us: ServiceProvider): string {
  return generateServiceProviderMetadata({
    issuer: us.entityId,
    callbackUrl: us.callbackUrl,
    identifierFormat: persistentFormat,
    wantAssertionsSigned: true,
  });
}
