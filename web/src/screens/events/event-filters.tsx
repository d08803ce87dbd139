import { Group, MultiSelect, TagsInput } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { MomentField, momentOrNull } from '../../parts/moment-field.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useUrlText } from '../../parts/url-state.ts';
import type { EventFilter } from './events-query.ts';

/** Kinds of streams: what an event is stored with. */
const categories = [
  'account',
  'authentication',
  'condition',
  'credential',
  'entitlement',
  'factor',
  'factorprovider',
  'favourites',
  'grant',
  'group',
  'guessing',
  'identity',
  'key',
  'login',
  'name',
  'node',
  'policy',
  'provider',
  'role',
  'session',
  'sshkey',
  'target',
  'token',
  'user',
];

/** What the address asks for, without what it does not. */
export function useEventFilter(): EventFilter {
  const [params] = useSearchParams();
  const asked = params.toString();
  return useMemo(() => {
    const query = new URLSearchParams(asked);
    const texts = Object.fromEntries(
      (['user', 'target', 'session'] as const).flatMap((name) => {
        const text = query.get(name) ?? '';
        return text === '' ? [] : [[name, text]];
      }),
    );
    const [types, kinds] = [listOf(query.get('types') ?? ''), listOf(query.get('categories') ?? '')];
    const [since, until] = [momentOrNull(query.get('since') ?? ''), momentOrNull(query.get('until') ?? '')];
    return {
      ...texts,
      ...(types.length === 0 ? {} : { types }),
      ...(kinds.length === 0 ? {} : { categories: kinds }),
      ...(since === null ? {} : { since }),
      ...(until === null ? {} : { until }),
    };
  }, [asked]);
}

/** Every filter stands in the address. `seen`: types that can be chosen without knowing their names. */
export function EventFilters({ seen }: { readonly seen: readonly string[] }): ReactNode {
  const [types, setTypes] = useUrlText('types');
  const [kinds, setKinds] = useUrlText('categories');
  const [user, setUser] = useUrlText('user');
  const [target, setTarget] = useUrlText('target');
  const [session, setSession] = useUrlText('session');
  const [since, setSince] = useUrlText('since');
  const [until, setUntil] = useUrlText('until');
  return (
    <Group component="search" gap="sm" mb="md" align="flex-end" aria-label="Filters">
      <TagsInput
        label="Types"
        placeholder={types === '' ? 'SessionOpened …' : ''}
        value={listOf(types)}
        data={[...seen]}
        onChange={(list) => setTypes(list.join(','))}
        miw={230}
        maw={480}
        comboboxProps={{ withinPortal: false }}
      />
      <MultiSelect
        label="Categories"
        placeholder={kinds === '' ? 'All' : ''}
        value={listOf(kinds)}
        data={categories}
        onChange={(list) => setKinds(list.join(','))}
        searchable
        miw={180}
        maw={360}
        comboboxProps={{ withinPortal: false }}
      />
      <SearchField label="About whom (name or id)" value={user} onChange={setUser} />
      <SearchField label="Target (name or id)" value={target} onChange={setTarget} />
      <SearchField label="Session (id)" value={session} onChange={setSession} />
      <MomentField label="From" value={since} onChange={setSince} />
      <MomentField label="Before" value={until} onChange={setUntil} />
    </Group>
  );
}

function listOf(text: string): string[] {
  return text.split(',').filter((word) => word !== '');
}
