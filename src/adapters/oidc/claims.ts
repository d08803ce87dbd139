import type { IdentityFact } from '../../application/ports/identity-providers.ts';
import { ProviderProblem } from './problem.ts';
import type { ClaimNames } from './settings.ts';

type Claims = Readonly<Record<string, unknown>>;

const textCharacters = 256;

/** Whether userinfo has to be asked: something is missing in the id token. */
export function isComplete(idToken: Claims, names: ClaimNames): boolean {
  const { username, email, groups } = withDefaults(names);
  return [username, email, groups].every((name) => Object.hasOwn(idToken, name));
}

/** Who it is, by the claims; the id token counts before userinfo. Errors: ProviderProblem `missing-claim`. */
export function identityOf(
  provider: string,
  subject: string,
  idToken: Claims,
  userinfo: Claims,
  names: ClaimNames,
): IdentityFact {
  const { username, email, groups } = withDefaults(names);
  const claims = { ...userinfo, ...idToken };
  return {
    provider,
    subject,
    username: textOf(claims, username) ?? missing('username', username),
    email: textOf(claims, email) ?? (names.email === undefined ? null : missing('email', email)),
    groups: groupsOf(claims, groups),
    standing: 'active',
  };
}

function withDefaults(names: ClaimNames): Required<ClaimNames> {
  return { username: 'preferred_username', email: 'email', groups: 'groups', ...names };
}

function textOf(claims: Claims, name: string): string | null {
  if (!Object.hasOwn(claims, name)) return null;
  // Whoever may enter any address at the provider would get any name here (OpenID Connect Core 1.0 section 5.1).
  if (name === 'email' && (claims.email_verified === false || claims.email_verified === 'false')) {
    throw new ProviderProblem('missing-claim', 'the claim email is there, but the provider has not verified it');
  }
  const value = claims[name];
  if (typeof value === 'string' && value !== '' && value.length <= textCharacters && !/\p{Cc}/u.test(value))
    return value;
  throw new ProviderProblem('missing-claim', `the claim ${name} is not a text of 1 to ${textCharacters} characters`);
}

function groupsOf(claims: Claims, name: string): readonly string[] {
  // Entra ID sends a pointer instead when there are too many (OpenID Connect Core 1.0 section 5.6.2): some of the
  // groups may be the reason for a no.
  const elsewhere = claims._claim_names;
  if (typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, name)) {
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

function missing(what: string, name: string): never {
  throw new ProviderProblem(
    'missing-claim',
    `the claim ${name} (claims.${what}) is neither in the id token nor in userinfo: an administrator checks it and spec.scopes`,
  );
}
