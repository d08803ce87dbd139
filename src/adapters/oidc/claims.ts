import type { IdentityFact } from '../../application/ports/identity-providers.ts';
import { attributesFrom } from '../../domain/kernel/attributes.ts';
import { ProviderProblem } from './problem.ts';
import type { ClaimNames } from './settings.ts';

type Claims = Readonly<Record<string, unknown>>;

const textCharacters = 256;

/** Whether userinfo has to be asked: something is missing in the id token. */
export function isComplete(idToken: Claims, names: ClaimNames): boolean {
  const { username, email, groups, attributes } = withDefaults(names);
  return [username, email, groups, ...Object.values(attributes)].every((name) => Object.hasOwn(idToken, name));
}

/** Who it is, by the claims; the id token counts before userinfo. Errors: ProviderProblem `missing-claim`. */
export function identityOf(
  provider: string,
  subject: string,
  idToken: Claims,
  userinfo: Claims,
  names: ClaimNames,
): IdentityFact {
  const { username, email, groups, attributes } = withDefaults(names);
  const claims = { ...userinfo, ...idToken };
  return {
    provider,
    subject,
    username: textOf(claims, username) ?? missing('username', username),
    email: textOf(claims, email) ?? (names.email === undefined ? null : missing('email', email)),
    groups: groupsOf(claims, groups),
    attributes: attributesFrom(attributes, (source) => valuesOf(claims, source)),
    standing: 'active',
  };
}

function withDefaults(names: ClaimNames): Required<ClaimNames> {
  return { username: 'preferred_username', email: 'email', groups: 'groups', attributes: {}, ...names };
}

function textOf(claims: Claims, name: string): string | null {
  if (!Object.hasOwn(claims, name)) return null;
  if (isUnverified(claims, name)) {
    throw new ProviderProblem('missing-claim', 'the claim email is there, but the provider has not verified it');
  }
  const value = claims[name];
  if (typeof value === 'string' && value !== '' && value.length <= textCharacters && !/\p{Cc}/u.test(value))
    return value;
  throw new ProviderProblem('missing-claim', `the claim ${name} is not a text of 1 to ${textCharacters} characters`);
}

/** Whoever may enter any address at the provider would be anybody here (OpenID Connect Core 1.0 section 5.1). */
function isUnverified(claims: Claims, name: string): boolean {
  return name === 'email' && (claims.email_verified === false || claims.email_verified === 'false');
}

function groupsOf(claims: Claims, name: string): readonly string[] {
  if (isElsewhere(claims, name)) {
    throw new ProviderProblem(
      'missing-claim',
      `the claim ${name} is not sent but pointed to, as for people in very many groups: an administrator limits at the provider which groups are sent`,
    );
  }
  if (!Object.hasOwn(claims, name)) return [];
  const value = claims[name];
  const groups: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!groups.every((group) => typeof group === 'string')) {
    throw new ProviderProblem('missing-claim', `the claim ${name} is not a list of texts`);
  }
  return [...new Set(groups)];
}

/** Entra ID sends a pointer when there are too many (section 5.6.2): some of them may be the reason for a no. */
function isElsewhere(claims: Claims, name: string): boolean {
  const elsewhere = claims._claim_names;
  return typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, name);
}

/** Of any claim; null for one that is no list of texts, or that nobody vouches for. */
function valuesOf(claims: Claims, name: string): readonly string[] | null {
  if (isElsewhere(claims, name) || isUnverified(claims, name)) return null;
  if (!Object.hasOwn(claims, name)) return [];
  const said = claims[name];
  const values: readonly unknown[] = Array.isArray(said) ? said : [said];
  return values.every((value) => ['string', 'number', 'boolean'].includes(typeof value)) ? values.map(String) : null;
}

function missing(what: string, name: string): never {
  throw new ProviderProblem(
    'missing-claim',
    `the claim ${name} (claims.${what}) is neither in the id token nor in userinfo: an administrator checks it and spec.scopes`,
  );
}
