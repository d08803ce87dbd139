import type { XmlElement } from './xml-reader.ts';

/** Namespaces of SAML 2.0 and XML Signature. */
export const spaces = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
} as const;

export const persistentFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

/** Children of this name and namespace, in their order. */
export function childrenOf(element: XmlElement, space: string, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name && child.space === space);
}

/** Value of an attribute without a namespace; undefined: not there. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((one) => one.name === name && one.space === '')?.value;
}

/** The element itself and everything in it. */
export function* everyElement(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* everyElement(child);
}
