import { Alert, Anchor, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { useRefresh } from '../../graphql/use-refresh.ts';
import { Pager } from '../../parts/pager.tsx';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useUrlPage, useUrlText } from '../../parts/url-state.ts';
import { DeviceTable } from './device-table.tsx';
import { KeyAccessQuery } from './key-queries.ts';

/** The devices of one key, with a session to start on each that is open. */
export function RemoteAccess(): ReactNode {
  const [name] = useUrlText('key');
  const [search, setSearch] = useUrlText('search');
  const [after] = useUrlPage();
  const variables = { name, search, after: after === '' ? null : after };
  const [{ data, error }, again] = useQuery({ query: KeyAccessQuery, variables });
  useRefresh(again);
  const key = data?.viewer.sshKeys.edges[0]?.node;
  return (
    <>
      <Anchor component={Link} href="/ssh-keys" size="sm">
        SSH keys
      </Anchor>
      <ScreenHead
        title="SSH keys: remote access"
        about={
          <>
            Sessions with the key <strong>{name}</strong>
            {key === undefined ? '' : `, which logs in as ${key.username}`}.
          </>
        }
      />
      {data === undefined ? (
        error === undefined ? (
          <Loading what="the devices" />
        ) : (
          <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />
        )
      ) : key === undefined ? (
        <Empty
          title="No device of this key is open to you"
          next="An account on a device has to log in with it, and an entitlement has to give you that account, with the rights to use the credential, to reach the target and to start a session. Ask an administrator."
          cli="sallyport ls"
        />
      ) : (
        <>
          {key.status === 'active' ? null : (
            <Alert color="orange" variant="light" mb="md" title="This key is inactive">
              No session can be started with it. Ask an administrator whether it may be active again.
            </Alert>
          )}
          <Group mb="md" maw={420} grow>
            <SearchField label="Search devices" value={search} onChange={setSearch} />
          </Group>
          {key.devices.edges.length === 0 ? (
            <Empty title="Nothing fits the search" next="Search for fewer or other words." />
          ) : (
            <>
              <DeviceTable devices={key.devices.edges.map(({ node }) => node)} mainTargetId={key.mainTargetId} />
              <Pager pageInfo={key.devices.pageInfo} />
            </>
          )}
          <Text size="sm" c="dimmed" mt="md">
            The public key of this key has to be deployed on a device (<code>ssh-copy-id</code>); else its login is
            refused.
          </Text>
        </>
      )}
    </>
  );
}
