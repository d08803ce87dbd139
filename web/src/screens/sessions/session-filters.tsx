import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { ChoiceField } from '../../parts/choice-field.tsx';
import { openProtocols, protocolName } from '../../parts/protocol-names.ts';
import { SearchField } from '../../parts/search-field.tsx';
import { useUrlText } from '../../parts/url-state.ts';

export interface SessionFiltersProps {
  readonly state: string;
  readonly protocol: string;
  readonly target: string;
}

/** Which sessions are shown; all of it stands in the address. */
export function SessionFilters({ state, protocol, target }: SessionFiltersProps): ReactNode {
  const [, setState] = useUrlText('state');
  const [, setProtocol] = useUrlText('protocol');
  const [, setTarget] = useUrlText('target');
  return (
    <Group gap="sm" mb="sm" align="flex-end" role="search">
      <SearchField label="Target, by its whole name" value={target} onChange={setTarget} />
      <ChoiceField
        label="State"
        value={state}
        onChange={setState}
        choices={[
          ['live', 'Open'],
          ['ended', 'Ended'],
        ]}
      />
      <ChoiceField
        label="Protocol"
        value={protocol}
        onChange={setProtocol}
        choices={openProtocols.map((one) => [one, protocolName(one)])}
      />
    </Group>
  );
}
