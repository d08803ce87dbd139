import type { CatalogueKind, CatalogueRow } from '../../application/ports/read-models.ts';
import type { CredentialEvent, SshKeyEvent } from '../../domain/credential/events.ts';
import type { ConditionEvent, EntitlementEvent, FactorProviderEvent, PolicyEvent } from '../../domain/policy/events.ts';
import type { IdentityProviderEvent } from '../../domain/provider/events.ts';
import type { AccountEvent, TargetEvent } from '../../domain/target/events.ts';
import { categoryOf, type StreamId } from '../../domain/kernel/ids.ts';
import { defineView, type Stored } from '../kit/define-view.ts';
import { labelTexts, searchText } from '../kit/search-text.ts';

type CatalogueEvent =
  | IdentityProviderEvent
  | TargetEvent
  | AccountEvent
  | CredentialEvent
  | SshKeyEvent
  | ConditionEvent
  | EntitlementEvent
  | PolicyEvent
  | FactorProviderEvent;

const kinds: readonly string[] = [
  'provider',
  'target',
  'account',
  'credential',
  'sshkey',
  'condition',
  'entitlement',
  'policy',
  'factorprovider',
] satisfies readonly CatalogueKind[];

/** What is declared around targets, policy and where people come from, one row a thing. What is withdrawn stays, marked. */
export const targetCatalogue = defineView<CatalogueRow, CatalogueEvent>({
  name: 'target-catalogue',
  version: 3,
  key: 'id',
  columns: {
    id: 'text',
    kind: 'text',
    name: 'text',
    labels: 'json',
    spec: 'json',
    targetId: 'text',
    protocol: 'text',
    trusted: 'integer',
    labelled: 'text',
    search: 'text',
    withdrawn: 'integer',
    version: 'integer',
    declaredAt: 'text',
  },
  indexes: [
    ['targetId', 'withdrawn'],
    // The key in the middle: what comes after it is only looked at, so that a search reads no rows it does not show.
    ['kind', 'name', 'id', 'withdrawn', 'protocol', 'trusted', 'labelled', 'search'],
    ['kind', 'withdrawn'],
  ],
  rowPer: 'stream',
  handles: [
    'IdentityProviderDeclared',
    'IdentityProviderWithdrawn',
    'TargetDeclared',
    'TargetWithdrawn',
    'AccountDeclared',
    'AccountWithdrawn',
    'CredentialDeclared',
    'CredentialWithdrawn',
    'SshKeyDeclared',
    'SshKeyWithdrawn',
    'ConditionDeclared',
    'ConditionWithdrawn',
    'EntitlementDeclared',
    'EntitlementWithdrawn',
    'PolicyDeclared',
    'PolicyWithdrawn',
    'FactorProviderDeclared',
    'FactorProviderWithdrawn',
  ],
  keys: (event) => [event.stream],

  apply(row, event, key) {
    if (row !== undefined && event.streamVersion <= row.version) return row;
    switch (event.type) {
      case 'IdentityProviderDeclared':
      case 'TargetDeclared':
      case 'AccountDeclared':
      case 'CredentialDeclared':
      case 'SshKeyDeclared':
      case 'ConditionDeclared':
      case 'EntitlementDeclared':
      case 'PolicyDeclared':
      case 'FactorProviderDeclared': {
        if (!isDeclaredThing(key)) return row;
        const { name, labels } = event.data;
        return {
          id: key,
          kind: key.slice(0, key.indexOf('-')) as CatalogueKind,
          name,
          labels,
          spec: { ...event.data },
          targetId: event.type === 'AccountDeclared' ? event.data.targetId : null,
          ...sought(event),
          withdrawn: 0,
          version: event.streamVersion,
          declaredAt: event.metadata.at,
        };
      }
      default:
        return row && { ...row, withdrawn: 1, version: event.streamVersion };
    }
  },
});

type Declaration = Extract<
  Stored<CatalogueEvent>,
  { readonly data: { readonly name: string; readonly labels: unknown } }
>;

/** What lists are narrowed by. */
function sought(event: Declaration): Pick<CatalogueRow, 'protocol' | 'trusted' | 'labelled' | 'search'> {
  const { name, labels } = event.data;
  const texts = labelTexts(labels);
  const labelled = texts.length === 0 ? '' : `\n${texts.join('\n')}\n`;
  const target = event.type === 'TargetDeclared' ? event.data : null;
  const login = event.type === 'AccountDeclared' ? event.data.username : null;
  return {
    protocol: target?.protocol ?? null,
    trusted: target === null ? null : Number(target.trust !== null),
    labelled,
    search: searchText(name, target?.host, login, ...texts),
  };
}

function isDeclaredThing(id: string): id is StreamId<CatalogueKind> {
  return kinds.includes(categoryOf(id) ?? '');
}
