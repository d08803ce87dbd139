import { quoted, untrusted } from './refusal.ts';
import type { XmlElement } from './xml-reader.ts';
import { attributeOf, spaces } from './xml-walk.ts';

const canonicalization = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const transforms = ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', canonicalization];
const signing: readonly string[] = [
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
];
const digests: readonly string[] = [
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
];

/**
 * A signature in the one form that SAML Core section 5.4 allows: one reference, to the element it stands in, by the two
 * transforms, with SHA-256 or better. Its KeyInfo is never read: the keys are those of the metadata.
 */
export function checkSignatureShape(signature: XmlElement, ofId: string): void {
  const [info, value, keyInfo] = signature.children;
  if (
    !isDs(signature, 'Signature') ||
    !isDs(info, 'SignedInfo') ||
    !isDs(value, 'SignatureValue') ||
    (keyInfo !== undefined && !isDs(keyInfo, 'KeyInfo')) ||
    signature.children.length > 3
  )
    untrusted('a signature is not in the form of SAML: SignedInfo, SignatureValue, KeyInfo');
  const [c14n, method, reference] = info.children;
  if (
    !isDs(c14n, 'CanonicalizationMethod') ||
    !isDs(method, 'SignatureMethod') ||
    !isDs(reference, 'Reference') ||
    info.children.length !== 3
  )
    untrusted('a signature does not have exactly one reference');
  allowed([canonicalization], c14n, 'canonicalization');
  allowed(signing, method, 'signature algorithm');
  checkReference(reference, ofId);
}

function checkReference(reference: XmlElement, ofId: string): void {
  if (attributeOf(reference, 'URI') !== `#${ofId}`)
    untrusted('a signature refers to another element than the one it stands in');
  const [list, method, value] = reference.children;
  if (
    !isDs(list, 'Transforms') ||
    !isDs(method, 'DigestMethod') ||
    !isDs(value, 'DigestValue') ||
    reference.children.length !== 3
  )
    untrusted('the reference of a signature is not in the form of SAML: Transforms, DigestMethod, DigestValue');
  if (list.children.length !== 2) untrusted('a signature has other transforms than the two of SAML');
  list.children.forEach((transform, at) => {
    if (!isDs(transform, 'Transform')) untrusted('a signature has other transforms than the two of SAML');
    allowed(transforms.slice(at, at + 1), transform, 'transform');
  });
  allowed(digests, method, 'digest algorithm');
}

function allowed(names: readonly string[], element: XmlElement, what: string): void {
  const name = attributeOf(element, 'Algorithm') ?? '';
  if (!names.includes(name))
    untrusted(`the ${what} ${quoted(name)} is not accepted: let the provider sign with RSA and SHA-256`);
}

function isDs(element: XmlElement | undefined, name: string): element is XmlElement {
  return element?.name === name && element.space === spaces.signature;
}
