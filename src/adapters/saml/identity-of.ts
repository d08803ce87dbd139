import type { IdentityFact } from '../../application/ports/identity-providers.ts';
import { attributesFrom } from '../../domain/kernel/attributes.ts';
import { quoted, SamlRefusal, untrusted } from './refusal.ts';
import type { XmlElement } from './xml-reader.ts';
import { attributeOf, childrenOf, persistentFormat, spaces } from './xml-walk.ts';

/** Names of the attributes that hold what we need to know of a person. Null: username is the NameID, the others empty. */
export interface SamlClaims {
  readonly username: string | null;
  readonly email: string | null;
  readonly groups: string | null;
  /** By what conditions call them. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Parties {
  /** Name of the IdentityProvider resource. */
  readonly provider: string;
  /** Entity ids of the provider and of ours. */
  readonly issuer: string;
  readonly audience: string;
}

/** What an assertion that passed all rules says of its person. */
export function identityOf(assertion: XmlElement, claims: SamlClaims, parties: Parties): IdentityFact {
  const subject = subjectOf(assertion, parties);
  return {
    provider: parties.provider,
    subject,
    username: claims.username === null ? subject : usernameOf(assertion, claims.username),
    email: claims.email === null ? null : (valuesOf(assertion, claims.email)[0] ?? null),
    groups: claims.groups === null ? [] : valuesOf(assertion, claims.groups),
    attributes: attributesFrom(claims.attributes, (source) => valuesOf(assertion, source)),
    standing: 'active',
  };
}

/** The persistent NameID (SAML Core section 8.3.7): never given to somebody else, of this provider, for us. */
function subjectOf(assertion: XmlElement, { issuer, audience }: Parties): string {
  const subjects = childrenOf(assertion, spaces.assertion, 'Subject');
  const [nameId, ...more] = subjects.flatMap((subject) => childrenOf(subject, spaces.assertion, 'NameID'));
  if (nameId === undefined || more.length > 0)
    throw new SamlRefusal('missing-claim', 'the Subject does not have exactly one NameID');
  const format = attributeOf(nameId, 'Format') ?? 'none';
  if (format !== persistentFormat)
    throw new SamlRefusal(
      'missing-claim',
      `the NameID has the format ${quoted(format)}: set it to persistent at the provider`,
    );
  if ((attributeOf(nameId, 'NameQualifier') ?? issuer) !== issuer) untrusted('the NameID is of another provider');
  if ((attributeOf(nameId, 'SPNameQualifier') ?? audience) !== audience)
    untrusted('the NameID is made for another one');
  if (nameId.children.length > 0 || !/^[^\p{C}\s](?:[^\p{C}]{0,254}[^\p{C}\s])?$/u.test(nameId.text))
    throw new SamlRefusal('missing-claim', 'the NameID is not 1 to 256 characters of text');
  return nameId.text;
}

function usernameOf(assertion: XmlElement, name: string): string {
  const [value, ...more] = valuesOf(assertion, name);
  if (value === undefined)
    throw new SamlRefusal('missing-claim', `the attribute ${quoted(name)} is missing: release it at the provider`);
  if (more.length > 0) throw new SamlRefusal('ambiguous', `the attribute ${quoted(name)} has more than one value`);
  return value;
}

function valuesOf(assertion: XmlElement, name: string): readonly string[] {
  return childrenOf(assertion, spaces.assertion, 'AttributeStatement')
    .flatMap((statement) => childrenOf(statement, spaces.assertion, 'Attribute'))
    .filter((attribute) => attributeOf(attribute, 'Name') === name)
    .flatMap((attribute) => childrenOf(attribute, spaces.assertion, 'AttributeValue'))
    .filter((value) => value.children.length === 0)
    .map((value) => value.text.trim())
    .filter((text) => text !== '');
}
