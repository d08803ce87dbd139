import { Group, Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { ChoiceField } from '../../parts/choice-field.tsx';
import { openProtocols, protocolName } from '../../parts/protocol-names.ts';
import { SearchField } from '../../parts/search-field.tsx';
import { useUrlText } from '../../parts/url-state.ts';
import type { AccessWish } from './use-access.ts';

/** What the list of what may be reached is narrowed by. */
export function AccessFilters({ wish }: { readonly wish: AccessWish }): ReactNode {
  const [, setSearch] = useUrlText('q');
  const [, setProtocol] = useUrlText('protocol');
  const [, setOpen] = useUrlText('open');
  return (
    <Group gap="sm" mb="sm" align="flex-end" role="search">
      <SearchField label="Search names, accounts and labels" value={wish.search} onChange={setSearch} />
      <ChoiceField
        label="Protocol"
        value={wish.protocol}
        onChange={setProtocol}
        choices={openProtocols.map((one) => [one, protocolName(one)])}
      />
      <ChoiceField
        label="State"
        value={wish.open}
        onChange={setOpen}
        choices={[
          ['yes', 'Open now'],
          ['no', 'Not open'],
        ]}
      />
    </Group>
  );
}

/** Everything, what was marked, or what was used last: each in a tab of its own. */
export function AccessTabs({ wish, children }: { readonly wish: AccessWish; readonly children: ReactNode }): ReactNode {
  const [, setPart] = useUrlText('part');
  return (
    <Tabs value={wish.part} onChange={(part) => setPart(part === 'all' ? '' : (part ?? ''))} keepMounted={false}>
      <Tabs.List aria-label="Which targets" mb="sm">
        <Tabs.Tab value="all">All</Tabs.Tab>
        <Tabs.Tab value="favourites">Favourites</Tabs.Tab>
        <Tabs.Tab value="recent">Recent</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value={wish.part}>{children}</Tabs.Panel>
    </Tabs>
  );
}
