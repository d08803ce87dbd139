import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { DevicesQuery } from './device-queries.ts';

export interface DeviceFieldProps {
  readonly value: string;
  readonly onChange: (device: string) => void;
  readonly error?: string | undefined;
}

/** The main device, found by the server while it is typed. */
export function DeviceField({ value, onChange, error }: DeviceFieldProps): ReactNode {
  const [typed, setTyped] = useState(value);
  const [search] = useDebouncedValue(typed === value ? '' : typed.slice(0, 200), 200);
  const [{ data }] = useQuery({ query: DevicesQuery, variables: { search: search === '' ? null : search, first: 20 } });
  const found = data?.targets.edges.map(({ node }) => node.name) ?? [];
  return (
    <Select
      id="field-mainDevice"
      label="Main device"
      description="The device that this key is for in the first place."
      flex={1}
      miw={220}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'No main device' }}
      nothingFoundMessage="No SSH device has these words"
      comboboxProps={{ withinPortal: false }}
      data={value === '' || found.includes(value) ? found : [value, ...found]}
      // The server has searched, in more than the name.
      filter={({ options }) => options}
      value={value === '' ? null : value}
      onChange={(device) => onChange(device ?? '')}
      searchValue={typed}
      onSearchChange={setTyped}
      {...(error === undefined ? {} : { error })}
    />
  );
}
