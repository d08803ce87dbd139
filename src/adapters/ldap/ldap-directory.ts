import { randomBytes } from 'node:crypto';
import type {
  DirectoryProvider,
  IdentityFact,
  IdentityStanding,
  ProviderAnswer,
} from '../../application/ports/identity-providers.ts';
import type { ResolveTarget } from '../../application/ports/system.ts';
import { bind, isPassword } from './bind.ts';
import { dnOf } from './entry.ts';
import { DirectoryError } from './errors.ts';
import { type GroupReader, makeGroupReader } from './groups.ts';
import { isUsername, makePeople, type People } from './people.ts';
import { findAll, findOne } from './search.ts';
import { type Link, makeServers } from './servers.ts';
import type { DirectoryKind, LdapSettings } from './settings.ts';

/** All servers together; the port promises 5 s. */
const answerMs = 4500;
/** One page or one question for groups while everybody is read. */
const pageMs = 30_000;

/** An LDAP server or Active Directory as a provider of facts. Throws when the settings cannot work. */
export function makeLdapDirectory(settings: LdapSettings, resolve: ResolveTarget): DirectoryProvider {
  const servers = makeServers(settings, resolve);
  const readers = (kind: DirectoryKind): { readonly people: People; readonly groups: GroupReader } => ({
    people: makePeople(settings, kind),
    groups: makeGroupReader(settings, kind),
  });
  const known = { 'active-directory': readers('active-directory'), ldap: readers('ldap') };

  const look = async (link: Link, username: string, password: string): Promise<ProviderAnswer> => {
    const { people, groups } = known[link.kind];
    const entry = await findOne(link.wire, people.named(username), link.signal);
    if (entry === null) {
      // As much work as for somebody who is there (security rule A10), with a name that nobody has.
      const nobody = `cn=${randomBytes(16).toString('hex')},${settings.userBase}`;
      await bind(link.wire, nobody, password, link.kind, link.signal);
      return refused('unknown-user', 'no entry answers to this name');
    }
    const dn = dnOf(entry);
    const outcome = await bind(link.wire, dn, password, link.kind, link.signal);
    if (!outcome.right) return refused(outcome.reason, outcome.detail);
    await link.rebind();
    const names = await groups.groupsOf(link.wire, dn, () => link.signal);
    return { ok: true, identity: people.factOf(entry, names, afterBind(outcome.standing, people.standingOf(entry))) };
  };

  return {
    check: async (username, password) => {
      if (!isPassword(password)) return refused('wrong-answer', 'a password that no server may be asked about');
      if (!isUsername(username)) return refused('unknown-user', 'a name that nobody can have');
      try {
        return await servers.onFirst(answerMs, async (link) => await look(link, username, password));
      } catch (error) {
        if (error instanceof DirectoryError) return refused(error.reason, error.message);
        throw error;
      }
    },

    find: async (subject) =>
      await servers.onFirst(answerMs, async (link) => {
        const { people, groups } = known[link.kind];
        const query = people.withSubject(subject);
        const entry = query === null ? null : await findOne(link.wire, query, link.signal);
        if (entry === null) return null;
        return people.factOf(entry, await groups.groupsOf(link.wire, dnOf(entry), () => link.signal));
      }),

    everybody: async function* () {
      const link = await servers.open(answerMs);
      try {
        const { people, groups } = known[link.kind];
        const signalFor = (): AbortSignal => AbortSignal.any([servers.closing, AbortSignal.timeout(pageMs)]);
        let count = 0;
        // Between two pages a server may lose its place when it is asked for groups on the same connection.
        const other = await servers.open(answerMs);
        try {
          for await (const page of findAll(link.wire, people.all(), signalFor)) {
            for (const entry of page) {
              const names = await groups.groupsOf(other.wire, dnOf(entry), signalFor);
              const fact = factOrNull(() => people.factOf(entry, names));
              if (fact === null) continue;
              count += 1;
              yield fact;
            }
          }
        } finally {
          other.wire.close();
        }
        // An empty directory is a wrong base or a lost right to read, and would put everybody out.
        if (count === 0) throw new DirectoryError('missing-claim', 'nobody was found under the base of the search');
      } finally {
        link.wire.close();
      }
    },

    close: async () => {
      servers.close();
    },
  };
}

const refused = (reason: Extract<ProviderAnswer, { ok: false }>['reason'], detail: string): ProviderAnswer => ({
  ok: false,
  reason,
  detail,
});

/** A bind that went through is the proof that a lock is over: OpenLDAP leaves its mark on the entry until then. */
function afterBind(said: IdentityStanding | null, written: IdentityStanding): IdentityStanding {
  return said ?? (written === 'locked' ? 'active' : written);
}

/** Of whom no fact can be made could not log in either, and is not there. */
function factOrNull(make: () => IdentityFact): IdentityFact | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof DirectoryError && error.reason === 'missing-claim') return null;
    throw error;
  }
}
