import { X509Certificate } from 'node:crypto';
import { ProtocolError, SallyportError } from '../../domain/kernel/errors.ts';
import { SamlRefusal } from './refusal.ts';
import { timeOf } from './times.ts';
import { readXml, type XmlElement } from './xml-reader.ts';
import { attributeOf, childrenOf, everyElement, spaces } from './xml-walk.ts';

/** What a provider's metadata tells. */
export interface ProviderMetadata {
  readonly entityId: string;
  /** PEM; the only keys that are believed. */
  readonly signingCertificates: readonly string[];
  /** Address that takes our request in its query (HTTP-Redirect binding). */
  readonly signOn: string;
  /** The same for logout; null: the provider has none. */
  readonly logout: string | null;
  /** Milliseconds; Infinity: no end is given. */
  readonly validUntil: number;
}

const redirect = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
const mostCharacters = 1_048_576;

/** Reads the metadata of one identity provider (SAML Metadata section 2.4.3); at most 1 MB. Throws SallyportError. */
export function readProviderMetadata(text: string): ProviderMetadata {
  if (text.length > mostCharacters) bad('it is longer than 1 MB: give the metadata of this provider alone');
  const root = parsed(text);
  if (root.name !== 'EntityDescriptor' || root.space !== spaces.metadata)
    bad(`it is a ${root.name}: give the EntityDescriptor of this provider alone`);
  const [role, ...more] = childrenOf(root, spaces.metadata, 'IDPSSODescriptor');
  if (role === undefined || more.length > 0) bad('it does not have exactly one IDPSSODescriptor');
  const entityId = attributeOf(root, 'entityID') ?? '';
  if (entityId === '') bad('it has no entityID');
  return {
    entityId,
    signingCertificates: certificatesOf(role),
    signOn:
      addressOf(role, 'SingleSignOnService') ?? bad('it has no SingleSignOnService with the HTTP-Redirect binding'),
    logout: addressOf(role, 'SingleLogoutService'),
    validUntil: Math.min(endOf(root), endOf(role)),
  };
}

function parsed(text: string): XmlElement {
  try {
    return readXml(text, { comments: 'skipped' });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return bad(`at character ${String(error.offset)} there is ${error.message}`);
  }
}

function endOf(element: XmlElement): number {
  try {
    return timeOf(element, 'validUntil') ?? Infinity;
  } catch (error) {
    if (!(error instanceof SamlRefusal)) throw error;
    return bad(error.message);
  }
}

function addressOf(role: XmlElement, name: string): string | null {
  const service = childrenOf(role, spaces.metadata, name).find((one) => attributeOf(one, 'Binding') === redirect);
  if (service === undefined) return null;
  const location = attributeOf(service, 'Location') ?? '';
  if (!URL.canParse(location) || new URL(location).protocol !== 'https:')
    bad(`the Location of ${name} is no https address`);
  return location;
}

function certificatesOf(role: XmlElement): readonly string[] {
  const texts = childrenOf(role, spaces.metadata, 'KeyDescriptor')
    .filter((key) => (attributeOf(key, 'use') ?? 'signing') === 'signing')
    .flatMap((key) => [...everyElement(key)])
    .filter((element) => element.name === 'X509Certificate' && element.space === spaces.signature)
    .map((element) => element.text);
  if (texts.length === 0) bad('it has no certificate for signing');
  return texts.map(certificatePem);
}

/** Only the key counts: the dates in a certificate of metadata mean nothing (SAML Metadata Interoperability section 2.6.1). */
function certificatePem(base64: string): string {
  const certificate = readCertificate(base64);
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (certificate.publicKey.asymmetricKeyType !== 'rsa' || bits < 2048)
    bad('a certificate for signing has no RSA key of 2048 bits or more');
  return certificate.toString();
}

function readCertificate(base64: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return bad('a certificate for signing cannot be read');
  }
}

function bad(why: string): never {
  throw new SallyportError('invalid', 'saml-metadata', `The metadata of the SAML provider cannot be used: ${why}.`);
}
