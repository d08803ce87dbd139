import { AndFilter, type SearchEntry } from 'ldapts';
import type { IdentityFact, IdentityStanding } from '../../application/ports/identity-providers.ts';
import { attributesOf } from './attributes.ts';
import { textOf, textsOf } from './entry.ts';
import { DirectoryError } from './errors.ts';
import { compileFilter } from './filters.ts';
import type { Query } from './search.ts';
import type { DirectoryKind, LdapSettings } from './settings.ts';
import { standingAttributes, standingOf } from './standing.ts';
import { subjectAttribute, subjectFilter, subjectOf } from './subject.ts';

/** What a person typed as their own name: a UPN, a sAMAccountName, a uid. */
export function isUsername(username: unknown): username is string {
  return typeof username === 'string' && username.trim() !== '' && username.length <= 256 && !/\p{Cc}/u.test(username);
}

export interface People {
  named(username: string): Query;
  /** Null when no directory of this kind can have given the subject. */
  withSubject(subject: string): Query | null;
  all(): Query;
  /** Throws DirectoryError when what every fact needs cannot be read. */
  factOf(entry: SearchEntry, groups: readonly string[], standing?: IdentityStanding): IdentityFact;
  standingOf(entry: SearchEntry): IdentityStanding;
}

const anyName = '(|(sAMAccountName={username})(userPrincipalName={username}))';
const usual: Readonly<Record<DirectoryKind, string>> = {
  'active-directory': `(&(objectCategory=person)(objectClass=user)${anyName})`,
  ldap: '(uid={username})',
};

export function makePeople(settings: LdapSettings, kind: DirectoryKind): People {
  const template = compileFilter(settings.userFilter ?? usual[kind], 'username');
  const nameAttribute = settings.claims?.username ?? (kind === 'active-directory' ? 'sAMAccountName' : 'uid');
  const emailAttribute = settings.claims?.email ?? 'mail';
  const more = settings.claims?.attributes ?? {};
  const own = [nameAttribute, emailAttribute, subjectAttribute(kind), ...standingAttributes(kind)];
  const attributes = [...new Set([...own, ...Object.values(more)])];
  const base = settings.userBase;
  const standing = (entry: SearchEntry): IdentityStanding => standingOf(entry, kind, Date.now());

  return {
    named: (username) => ({ base, filter: template.fill(username), attributes }),
    withSubject: (subject) => {
      const own = subjectFilter(subject, kind);
      // Whom the administrator's filter leaves out by now is not there any more.
      return own === null ? null : { base, filter: new AndFilter({ filters: [template.any(), own] }), attributes };
    },
    all: () => ({ base, filter: template.any(), attributes }),
    standingOf: standing,
    factOf: (entry, groups, seen) => {
      const subject = subjectOf(entry, kind);
      const username = textOf(entry, nameAttribute);
      if (!isUsername(username)) throw new DirectoryError('missing-claim', `no ${nameAttribute} that can be a name`);
      const email = textsOf(entry, emailAttribute)[0] ?? null;
      const said = { username, email, groups, attributes: attributesOf(entry, more) };
      return { provider: settings.name, subject, ...said, standing: seen ?? standing(entry) };
    },
  };
}
