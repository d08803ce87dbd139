import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { ScreenHead } from '../../../parts/screen-head.tsx';
import { SearchField } from '../../../parts/search-field.tsx';
import { useUrlText } from '../../../parts/url-state.ts';
import { TokenTable } from './token-table.tsx';

/** The live temporary tokens of everybody. */
export function AllTokens(): ReactNode {
  const [search, setSearch] = useUrlText('search');
  return (
    <>
      <ScreenHead
        title="Tokens of all"
        about="Live temporary tokens. Revoking one ends the sessions that were opened with it."
      />
      <Group mb="md" maw={420} grow>
        <SearchField label="Search for a person" value={search} onChange={setSearch} />
      </Group>
      <TokenTable search={search} />
    </>
  );
}
