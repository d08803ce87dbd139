import { Button, Group, SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { useViewer } from '../../app/viewer.tsx';
import { useRefresh } from '../../graphql/use-refresh.ts';
import { Pager } from '../../parts/pager.tsx';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useUrlPage, useUrlText } from '../../parts/url-state.ts';
import type { ResourceDocument } from '../admin/document/document.ts';
import { AllKeysQuery, OwnKeysQuery } from './key-queries.ts';
import { type KeyRow, rowOfDocument } from './key-row.ts';
import { KeyTable } from './key-table.tsx';

/** The SSH keys that the person may use; administrators see all that are registered. */
export function SshKeys(): ReactNode {
  const { permissions } = useViewer();
  const administers = permissions.includes('administer');
  const [of, setOf] = useUrlText('of');
  const [search, setSearch] = useUrlText('search');
  const all = administers && of !== 'yours';
  return (
    <>
      <ScreenHead
        title="SSH keys"
        about="Registered keys, by which sessions are started. Private keys stay in custody."
      >
        {administers ? (
          <Button component={Link} href="/ssh-keys/new">
            Add
          </Button>
        ) : null}
      </ScreenHead>
      <Group mb="md" align="flex-end">
        <SearchField label="Search" value={search} onChange={setSearch} />
        {administers ? (
          <SegmentedControl
            aria-label="Which keys"
            data={[
              { value: 'all', label: 'All' },
              { value: 'yours', label: 'Open to you' },
            ]}
            value={all ? 'all' : 'yours'}
            onChange={(next) => setOf(next === 'yours' ? next : '')}
          />
        ) : null}
      </Group>
      {all ? <AllKeys search={search} /> : <OwnKeys search={search} />}
    </>
  );
}

function OwnKeys({ search }: { readonly search: string }): ReactNode {
  const [after] = useUrlPage();
  const variables = { search, after: after === '' ? null : after };
  const [{ data, error }, again] = useQuery({ query: OwnKeysQuery, variables });
  useRefresh(again);
  const keys = data?.viewer.sshKeys;
  const rows = keys?.edges.map(({ node }): KeyRow => {
    const { edges, pageInfo } = node.devices;
    const devices = [...new Set(edges.map(({ node: { target } }) => target))];
    const own = { labels: node.labels as KeyRow['labels'], owner: node.owner ?? '', active: node.status === 'active' };
    return { ...node, ...own, devices, more: pageInfo.hasNextPage };
  });
  if (error !== undefined && keys === undefined) {
    return <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  }
  if (keys === undefined || rows === undefined) return <Loading what="the SSH keys" />;
  if (rows.length === 0 && search === '') {
    const next = 'An entitlement has to give you an account that logs in with a registered key. Ask an administrator.';
    return <Empty title="No SSH key is open to you" next={next} cli="sallyport ls" />;
  }
  return <Keys rows={rows} pageInfo={keys.pageInfo} administers={false} />;
}

function AllKeys({ search }: { readonly search: string }): ReactNode {
  const [after] = useUrlPage();
  const variables = { search, after: after === '' ? null : after };
  const [{ data, error }, again] = useQuery({ query: AllKeysQuery, variables });
  useRefresh(again);
  const keys = data?.resources;
  if (error !== undefined && keys === undefined) {
    return <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  }
  if (keys === undefined) return <Loading what="the SSH keys" />;
  if (keys.edges.length === 0 && search === '') {
    const next = 'Press “Add” to register one with the devices that it opens.';
    return <Empty title="No SSH key is registered yet" next={next} cli="sallyport apply -f FILE" />;
  }
  const rows = keys.edges.map(({ node }) => rowOfDocument(node.id ?? '', node.document as ResourceDocument));
  return <Keys rows={rows} pageInfo={keys.pageInfo} administers />;
}

interface KeysProps {
  readonly rows: readonly KeyRow[];
  readonly pageInfo: Parameters<typeof Pager>[0]['pageInfo'];
  readonly administers: boolean;
}

function Keys({ rows, pageInfo, administers }: KeysProps): ReactNode {
  if (rows.length === 0) return <Empty title="Nothing fits the search" next="Search for fewer or other words." />;
  return (
    <>
      <KeyTable rows={rows} administers={administers} />
      <Pager pageInfo={pageInfo} />
    </>
  );
}
