import { Group, NativeSelect } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { MomentField, momentOrNull } from '../../parts/moment-field.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useUrlText } from '../../parts/url-state.ts';
import { endTexts } from './session-texts.ts';
import type { SessionFilter } from './sessions-query.ts';

const protocols = ['ssh', 'postgres', 'mysql', 'rdp'] as const;

/** What the address asks for, without what it does not. */
export function useSessionFilter(): SessionFilter {
  const [params] = useSearchParams();
  const asked = params.toString();
  return useMemo(() => {
    const query = new URLSearchParams(asked);
    const text = (name: string): string => query.get(name) ?? '';
    const protocol = protocols.find((one) => one === text('protocol'));
    const [since, until] = [momentOrNull(text('since')), momentOrNull(text('until'))];
    return {
      ...(text('user') === ''
        ? {}
        : /^user-[0-9a-f-]{36}$/.test(text('user'))
          ? { user: text('user') }
          : { search: text('user') }),
      ...(text('target') === '' ? {} : { target: text('target') }),
      ...(text('reason') === '' ? {} : { endReason: text('reason') }),
      ...(protocol === undefined ? {} : { protocol }),
      ...(text('live') === '' ? {} : { live: text('live') === 'yes' }),
      ...(since === null ? {} : { since }),
      ...(until === null ? {} : { until }),
    };
  }, [asked]);
}

/** Every filter stands in the address: a link leads to what was seen. */
export function SessionFilters(): ReactNode {
  const [user, setUser] = useUrlText('user');
  const [target, setTarget] = useUrlText('target');
  const [protocol, setProtocol] = useUrlText('protocol');
  const [live, setLive] = useUrlText('live');
  const [reason, setReason] = useUrlText('reason');
  const [since, setSince] = useUrlText('since');
  const [until, setUntil] = useUrlText('until');
  return (
    <Group component="search" gap="sm" mb="md" align="flex-end" aria-label="Filters">
      <SearchField w={180} label="Person (part of a name)" value={user} onChange={setUser} />
      <SearchField w={160} label="Target (name or id)" value={target} onChange={setTarget} />
      <NativeSelect
        label="Protocol"
        w={100}
        value={protocol}
        onChange={(event) => setProtocol(event.currentTarget.value)}
        data={[{ value: '', label: 'All' }, ...protocols]}
      />
      <NativeSelect
        label="State"
        w={95}
        value={live}
        onChange={(event) => setLive(event.currentTarget.value)}
        data={[
          { value: '', label: 'All' },
          { value: 'yes', label: 'Live' },
          { value: 'no', label: 'Ended' },
        ]}
      />
      <NativeSelect
        label="Ended because"
        w={150}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data={[
          { value: '', label: 'Anything' },
          ...Object.entries(endTexts).map(([value, label]) => ({ value, label })),
        ]}
      />
      <MomentField label="Began from" value={since} onChange={setSince} />
      <MomentField label="Began before" value={until} onChange={setUntil} />
    </Group>
  );
}
