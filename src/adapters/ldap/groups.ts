import type { Filter } from 'ldapts';
import { textsOf } from './entry.ts';
import { DirectoryError } from './errors.ts';
import { anyOf, compileFilter, type FilterTemplate } from './filters.ts';
import { findAll } from './search.ts';
import type { DirectoryKind, LdapSettings } from './settings.ts';
import type { Wire } from './wire.ts';

/** LDAP_MATCHING_RULE_IN_CHAIN ([MS-ADTS] 3.1.1.3.4.4.3): the server walks through nested groups itself. */
const chainRule = '1.2.840.113556.1.4.1941';
const maxLevels = 10;
const maxGroups = 2000;
const perQuestion = 50;

export interface GroupReader {
  /** Names of all groups that hold this entry, directly or through other groups; without a group base, none. */
  groupsOf(wire: Wire, dn: string, signalFor: () => AbortSignal): Promise<readonly string[]>;
}

interface Group {
  readonly dn: string;
  readonly names: readonly string[];
}

export function makeGroupReader(settings: LdapSettings, kind: DirectoryKind): GroupReader {
  const { groupBase: base, groupFilter } = settings;
  const inChain = kind === 'active-directory' && groupFilter === undefined;
  const usual = inChain ? `(&(objectClass=group)(member:${chainRule}:={dn}))` : '(member={dn})';
  const template: FilterTemplate = compileFilter(groupFilter ?? usual, 'dn');
  const attribute = settings.claims?.groups ?? 'cn';

  const holding = async (wire: Wire, members: readonly string[], signalFor: () => AbortSignal): Promise<Group[]> => {
    const found: Group[] = [];
    for (let from = 0; from < members.length; from += perQuestion) {
      const filters: Filter[] = members.slice(from, from + perQuestion).map((dn) => template.fill(dn));
      const query = { base: base ?? '', filter: anyOf(filters), attributes: [attribute] };
      for await (const page of findAll(wire, query, signalFor)) {
        for (const entry of page) found.push({ dn: entry.name, names: textsOf(entry, attribute) });
        if (found.length > maxGroups) throw tooMany();
      }
    }
    return found;
  };

  return {
    groupsOf: async (wire, dn, signalFor) => {
      if (base === undefined) return [];
      const seen = new Map<string, Group>();
      let members = [dn];
      for (let level = 0; members.length > 0; level += 1) {
        // Groups left out are rights wrongly given as often as rights wrongly withheld: a policy may exclude a group.
        if (level >= maxLevels) throw tooMany();
        const fresh = (await holding(wire, members, signalFor)).filter((group) => !seen.has(group.dn.toLowerCase()));
        for (const group of fresh) seen.set(group.dn.toLowerCase(), group);
        if (seen.size > maxGroups) throw tooMany();
        members = inChain ? [] : fresh.map((group) => group.dn);
      }
      return [...new Set([...seen.values()].flatMap((group) => group.names))].sort();
    },
  };
}

const tooMany = (): DirectoryError =>
  new DirectoryError(
    'untrusted',
    `somebody is in more than ${maxGroups} groups, or groups are nested more than ${maxLevels} deep`,
  );
