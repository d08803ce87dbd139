import { SamlRefusal, untrusted } from './refusal.ts';
import { checkSignatureShape } from './signature-shape.ts';
import type { XmlElement } from './xml-reader.ts';
import { attributeOf, childrenOf, everyElement, spaces } from './xml-walk.ts';

/** The envelope, and whether it says that it is signed; if not, its Assertion does. Nothing of it is proven yet. */
export interface ResponseShape {
  readonly response: XmlElement;
  readonly responseSigned: boolean;
}

const success = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/**
 * A response that leaves no choice what is signed: one Response, one Assertion in it, no two ids alike, signatures
 * only as children of these two (security rule A4). What wraps a signed assertion has to break one of it.
 */
export function responseShape(root: XmlElement): ResponseShape {
  if (root.name !== 'Response' || root.space !== spaces.protocol)
    untrusted(`the answer is a ${root.name}, not a Response of SAML 2.0`);
  checkStatus(root);
  const all = [...everyElement(root)];
  const assertion = theAssertion(root, all);
  checkIds(all);
  const responseId = idOf(root);
  const assertionId = idOf(assertion);
  const signatures = all.filter((element) => element.name === 'Signature');
  const ofResponse = root.children.filter((child) => signatures.includes(child));
  const ofAssertion = assertion.children.filter((child) => signatures.includes(child));
  if (ofResponse.length + ofAssertion.length !== signatures.length)
    untrusted('a signature stands elsewhere than in the Response or in its Assertion');
  if (ofResponse.length > 1 || ofAssertion.length > 1) untrusted('an element is signed twice');
  if (signatures.length === 0) untrusted('neither the Response nor the Assertion is signed');
  for (const signature of ofResponse) checkSignatureShape(signature, responseId);
  for (const signature of ofAssertion) checkSignatureShape(signature, assertionId);
  return {
    response: root,
    responseSigned: ofResponse.length === 1,
  };
}

/** Anything but Success is a no of the provider, signed or not (SAML Core section 3.2.2). */
function checkStatus(root: XmlElement): void {
  const [status, ...more] = childrenOf(root, spaces.protocol, 'Status');
  if (status === undefined || more.length > 0) untrusted('the Response does not have exactly one Status');
  const [code] = childrenOf(status, spaces.protocol, 'StatusCode');
  if (code === undefined) untrusted('the Status of the Response has no StatusCode');
  if (attributeOf(code, 'Value') === success) return;
  const codes = [code, ...childrenOf(code, spaces.protocol, 'StatusCode')];
  const names = codes.map((one) => /:status:([A-Za-z]{1,40})$/.exec(attributeOf(one, 'Value') ?? '')?.[1] ?? 'unknown');
  throw new SamlRefusal('wrong-answer', `the provider did not log the person in: ${names.join(', ')}`);
}

function theAssertion(root: XmlElement, all: readonly XmlElement[]): XmlElement {
  if (all.some((element) => element.name === 'EncryptedAssertion'))
    untrusted('the Assertion is encrypted: switch its encryption off at the provider, TLS protects it on its way');
  const assertions = all.filter((element) => element.name === 'Assertion');
  if (assertions.length > 1) untrusted('the Response has more than one Assertion');
  const [assertion] = childrenOf(root, spaces.assertion, 'Assertion');
  return assertion ?? untrusted('the Response has no Assertion in its place');
}

/** Readers differ in which attribute is an id: nothing called ID, in any case or namespace, may be there twice. */
function checkIds(all: readonly XmlElement[]): void {
  const seen = new Set<string>();
  for (const element of all)
    for (const { name, value } of element.attributes) {
      if (name.toLowerCase() !== 'id') continue;
      if (seen.has(value)) untrusted('an id is used twice');
      seen.add(value);
    }
}

function idOf(element: XmlElement): string {
  const id = attributeOf(element, 'ID') ?? '';
  if (!/^[A-Za-z_][\w.-]{0,255}$/.test(id)) untrusted(`the ${element.name} has no usable ID`);
  return id;
}
