import { Autocomplete, TagsInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../graphql/graphql.ts';
import type { InputProps } from './input-props.ts';
import type { ResourceKind } from './kinds/kind-names.ts';

const NamesQuery = graphql(`
  query Names($kind: ResourceKind!, $search: String) {
    resources(kind: $kind, search: $search, first: 20) {
      edges {
        node {
          name
        }
      }
    }
  }
`);

function useNames(kind: ResourceKind, typed: string): string[] {
  const [search] = useDebouncedValue(typed.slice(0, 200), 200);
  const [{ data }] = useQuery({ query: NamesQuery, variables: { kind, search: search === '' ? null : search } });
  return data?.resources.edges.map(({ node }) => node.name) ?? [];
}

const inPlace = { withinPortal: false } as const;

interface NameInputProps extends InputProps {
  readonly of: ResourceKind;
  readonly disabled: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The name of a resource, found while it is typed. */
export function NameInput({ of, value, onChange, ...props }: NameInputProps): ReactNode {
  const names = useNames(of, value);
  return <Autocomplete {...props} data={names} value={value} onChange={onChange} comboboxProps={inPlace} />;
}

interface NamesInputProps extends InputProps {
  readonly of: ResourceKind;
  readonly value: string[];
  readonly onChange: (value: string[]) => void;
}

/** Names of resources; others may be typed too, since not each of them has to be declared here. */
export function NamesInput({ of, value, onChange, ...props }: NamesInputProps): ReactNode {
  const [typed, setTyped] = useState('');
  const names = useNames(of, typed);
  return (
    <TagsInput
      {...props}
      data={names}
      value={value}
      onChange={onChange}
      searchValue={typed}
      onSearchChange={setTyped}
      acceptValueOnBlur
      splitChars={[',']}
      comboboxProps={inPlace}
    />
  );
}
