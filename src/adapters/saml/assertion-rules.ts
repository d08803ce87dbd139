import { quoted, untrusted } from './refusal.ts';
import { checkWindow, skew, timeOf } from './times.ts';
import type { XmlElement } from './xml-reader.ts';
import { attributeOf, childrenOf, spaces } from './xml-walk.ts';

/** What an assertion has to be for. Times are milliseconds. */
export interface Expected {
  readonly issuer: string;
  readonly audience: string;
  readonly recipient: string;
  /** Id of our request. */
  readonly inResponseTo: string;
  readonly askedAt: number;
  readonly now: number;
}

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const knownConditions = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];

/**
 * The rules of the Web Browser SSO profile (SAML Profiles section 4.1.4.3) for an assertion whose signature holds.
 * Gives the time after which it is refused as expired, and the end of the person's session at the provider, if it says one.
 */
export function checkAssertion(
  assertion: XmlElement,
  expected: Expected,
): { readonly until: number; readonly sessionEnd: number | null } {
  if (attributeOf(assertion, 'Version') !== '2.0') untrusted('the Assertion is not of SAML 2.0');
  checkIssuer(only(assertion, 'Issuer'), expected.issuer);
  checkIssued(assertion, expected);
  checkConditions(only(assertion, 'Conditions'), expected);
  const sessionEnd = checkAuthentication(assertion, expected.now);
  return { until: checkConfirmation(only(only(assertion, 'Subject'), 'SubjectConfirmation'), expected), sessionEnd };
}

/** The Issuer of a Response or Assertion is the entity of the metadata, by the same letters. */
export function checkIssuer(issuer: XmlElement, expected: string): void {
  if (issuer.children.length > 0 || issuer.text !== expected)
    untrusted(`the Issuer is ${quoted(issuer.text)}, the metadata is of ${quoted(expected)}`);
}

function checkIssued(assertion: XmlElement, { askedAt, now }: Expected): void {
  const issued = timeOf(assertion, 'IssueInstant') ?? untrusted('the Assertion has no IssueInstant');
  if (issued < askedAt - skew) untrusted('the Assertion was made before it was asked for');
  if (issued > now + skew) untrusted('the Assertion was made in the future: compare the clocks');
}

function checkConditions(conditions: XmlElement, { audience, now }: Expected): void {
  checkWindow(conditions, now);
  for (const { name, space } of conditions.children)
    if (space !== spaces.assertion || !knownConditions.includes(name)) untrusted(`the condition ${name} is not known`);
  const restrictions = childrenOf(conditions, spaces.assertion, 'AudienceRestriction');
  if (restrictions.length === 0) untrusted('the Assertion names no Audience');
  for (const restriction of restrictions) {
    const audiences = childrenOf(restriction, spaces.assertion, 'Audience');
    if (!audiences.some((one) => one.children.length === 0 && one.text === audience))
      untrusted(`the Audience is ${quoted(audiences[0]?.text ?? '')}, we are ${quoted(audience)}`);
  }
}

/** The earliest SessionNotOnOrAfter (SAML Core section 2.7.2); null: none. */
function checkAuthentication(assertion: XmlElement, now: number): number | null {
  const statements = childrenOf(assertion, spaces.assertion, 'AuthnStatement');
  if (statements.length === 0) untrusted('the Assertion does not say that somebody logged in');
  const ends = statements
    .map((statement) => timeOf(statement, 'SessionNotOnOrAfter'))
    .filter((end) => end !== undefined)
    .map((end) => end + skew);
  const first = Math.min(...ends);
  if (now >= first) untrusted("the person's session at the provider is over");
  return ends.length === 0 ? null : first;
}

function checkConfirmation(confirmation: XmlElement, expected: Expected): number {
  if (attributeOf(confirmation, 'Method') !== bearer) untrusted('the Subject is not confirmed by bearer');
  const data = only(confirmation, 'SubjectConfirmationData');
  const recipient = attributeOf(data, 'Recipient') ?? '';
  if (recipient !== expected.recipient)
    untrusted(`the Recipient is ${quoted(recipient)}, our address is ${quoted(expected.recipient)}`);
  if (attributeOf(data, 'InResponseTo') !== expected.inResponseTo)
    untrusted('the Assertion answers another request than ours');
  const until = timeOf(data, 'NotOnOrAfter') ?? untrusted('SubjectConfirmationData has no NotOnOrAfter');
  checkWindow(data, expected.now);
  return until + skew;
}

function only(parent: XmlElement, name: string): XmlElement {
  const [one, ...more] = childrenOf(parent, spaces.assertion, name);
  if (one === undefined || more.length > 0) untrusted(`the ${parent.name} does not have exactly one ${name}`);
  return one;
}
