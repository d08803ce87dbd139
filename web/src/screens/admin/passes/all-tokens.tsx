import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { MomentField, momentOrNull } from '../../../parts/moment-field.tsx';
import { ScreenHead } from '../../../parts/screen-head.tsx';
import { SearchField } from '../../../parts/search-field.tsx';
import { useUrlText } from '../../../parts/url-state.ts';
import { TokenTable } from './token-table.tsx';

/** The live temporary tokens of everybody. */
export function AllTokens(): ReactNode {
  const [search, setSearch] = useUrlText('search');
  const [since, setSince] = useUrlText('since');
  const [until, setUntil] = useUrlText('until');
  return (
    <>
      <ScreenHead
        title="Tokens of all"
        about="Live temporary tokens. Revoking one ends the sessions that were opened with it."
      />
      <Group component="search" gap="sm" mb="md" align="flex-end" aria-label="Filters">
        <SearchField label="Person (part of a name)" value={search} onChange={setSearch} />
        <MomentField label="Made from" value={since} onChange={setSince} />
        <MomentField label="Made before" value={until} onChange={setUntil} />
      </Group>
      <TokenTable search={search} since={momentOrNull(since)} until={momentOrNull(until)} />
    </>
  );
}
