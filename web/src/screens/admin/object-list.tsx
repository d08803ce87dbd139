import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { Link, useLocation } from 'wouter';
import { graphql } from '../../graphql/graphql.ts';
import { Pager } from '../../parts/pager.tsx';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useUrlPage, useUrlText } from '../../parts/url-state.ts';
import type { ResourceDocument } from './document/document.ts';
import { kindForms } from './kinds/all-forms.ts';
import { kindOfPath, listPath } from './kinds/kind-names.ts';
import { ObjectTable } from './object-table.tsx';

const ResourcesQuery = graphql(`
  query Resources($kind: ResourceKind!, $search: String, $after: String) {
    resources(kind: $kind, search: $search, first: 50, after: $after) {
      edges {
        cursor
        node {
          id
          name
          document
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** The declared objects of one kind. */
export function ObjectList(): ReactNode {
  const [location] = useLocation();
  const kind = kindOfPath(location);
  const { about, next, columns = [] } = kindForms[kind.kind];
  const [search, setSearch] = useUrlText('search');
  const [after] = useUrlPage();
  const [{ data, error, fetching }, again] = useQuery({
    query: ResourcesQuery,
    variables: { kind: kind.kind, search: search === '' ? null : search, after: after === '' ? null : after },
  });
  const edges = data?.resources.edges;
  const isOther = edges?.some(({ node }) => (node.document as ResourceDocument).kind !== kind.kind) ?? false;
  return (
    <>
      <ScreenHead title={kind.title} about={about}>
        <Button component={Link} href={`${listPath(kind)}/new`}>
          Create {kind.one}
        </Button>
      </ScreenHead>
      <Group mb="md" maw={420} grow>
        <SearchField label="Search" value={search} onChange={setSearch} />
      </Group>
      {error !== undefined && data === undefined ? (
        <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />
      ) : edges === undefined || isOther ? (
        <Loading what={kind.title.toLowerCase()} />
      ) : edges.length === 0 ? (
        fetching ? (
          <Loading what={kind.title.toLowerCase()} />
        ) : search === '' ? (
          <Empty title={`No ${kind.title.toLowerCase()} yet`} next={next} cli="sallyport apply -f FILE" />
        ) : (
          <Empty
            title="Nothing fits the search"
            next="Search for fewer or other words."
            cli={`sallyport get ${kind.kind}`}
          />
        )
      ) : (
        <>
          <ObjectTable kind={kind} columns={columns} objects={edges.map(({ node }) => node)} />
          <Pager pageInfo={data?.resources.pageInfo ?? { hasNextPage: false, endCursor: null }} />
        </>
      )}
    </>
  );
}
