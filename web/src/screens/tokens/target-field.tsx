import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../graphql/graphql.ts';

const TargetNames = graphql(`
  query TargetNames($search: String!) {
    viewer {
      id
      reach(search: $search, first: 40) {
        edges {
          node {
            id
            target
          }
        }
      }
    }
  }
`);

export interface TargetFieldProps {
  /** A target's name; null: all. */
  readonly target: string | null;
  readonly onChange: (target: string | null) => void;
}

/** One of the targets that the person may reach; the server looks for it while it is typed. */
export function TargetField({ target, onChange }: TargetFieldProps): ReactNode {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const [{ data }] = useQuery({ query: TargetNames, variables: { search: search === target ? '' : search } });
  const found = data?.viewer.reach.edges.map(({ node }) => node.target) ?? [];
  const names = [...new Set(target === null ? found : [target, ...found])];
  return (
    <Select
      label="Only for one target"
      placeholder="All that you may reach"
      data={names}
      value={target}
      onChange={onChange}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'For all targets' }}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage="No target of yours has that in its name"
      maxDropdownHeight={240}
      comboboxProps={{ withinPortal: false }}
    />
  );
}
