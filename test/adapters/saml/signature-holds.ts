import { createRequire } from 'node:module';

interface Verifier {
  publicCert: string;
  loadSignature(signature: string): void;
  checkSignature(xml: string): boolean;
}

// What proves signatures for node-saml: its own dependency, so it is taken from there.
const { SignedXml } = createRequire(createRequire(import.meta.url).resolve('@node-saml/node-saml'))('xml-crypto') as {
  SignedXml: new () => Verifier;
};

/** True when the first signature in `xml` holds for what it refers to, wherever that stands. */
export function signatureHolds(xml: string, cert: string): boolean {
  const verifier = new SignedXml();
  verifier.publicCert = cert;
  verifier.loadSignature(/<ds:Signature .*?<\/ds:Signature>/s.exec(xml)![0]);
  return verifier.checkSignature(xml);
}
