import { ProtocolError } from '../../domain/kernel/errors.ts';
import { nodeSaml, type ServiceProvider } from './node-saml.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import { untrusted } from './refusal.ts';
import { responseShape, type ResponseShape } from './response-shape.ts';
import { readXml, type XmlElement } from './xml-reader.ts';

/** Characters of base64: room for some thousand groups. */
const mostCharacters = 524_288;

export interface Proven {
  /** Read from the bytes that were signed, and from nothing else. */
  readonly assertion: XmlElement;
  /** Proven only as far as `shape.responseSigned`: good for a no, never for a yes. */
  readonly shape: ResponseShape;
}

/** Takes the assertion out of a SAMLResponse when its outermost signature holds under a key of the metadata. */
export async function signedAssertion(field: string, us: ServiceProvider, them: ProviderMetadata): Promise<Proven> {
  const text = decoded(field);
  const shape = responseShape(xmlOf(text));
  const saml = nodeSaml(us, them, '_', shape.responseSigned);
  const xml = await provenXml(saml.validatePostResponseAsync({ SAMLResponse: Buffer.from(text).toString('base64') }));
  return { assertion: xmlOf(xml), shape };
}

function decoded(field: string): string {
  if (field.length > mostCharacters) untrusted('the answer is larger than 512 KB');
  const base64 = field.replaceAll(/[ \t\r\n]/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) untrusted('the answer is not base64');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return untrusted('the answer is not UTF-8');
  }
}

function xmlOf(text: string): XmlElement {
  try {
    return readXml(text);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return untrusted(`in the answer, at character ${String(error.offset)}, there is ${error.message}`);
  }
}

type Validation = ReturnType<ReturnType<typeof nodeSaml>['validatePostResponseAsync']>;

async function provenXml(validation: Validation): Promise<string> {
  const result = await validation.catch((error: unknown) =>
    untrusted(
      error instanceof Error && /^Invalid (document )?signature/.test(error.message)
        ? 'a signature does not hold under any key of the metadata: fetch the metadata anew'
        : 'a time of the Assertion is missing or no time',
    ),
  );
  return result.profile?.getAssertionXml?.() ?? untrusted('nothing is signed');
}
