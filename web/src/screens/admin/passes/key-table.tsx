import { Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../../graphql/graphql.ts';
import { Countdown, Moment } from '../../../parts/moment.tsx';
import { useRevokeKey } from '../../../parts/revoke-commands.ts';
import { Pending } from '../../../parts/states.tsx';
import { RevokePass } from './revoke-pass.tsx';

const KeysQuery = graphql(`
  query KeysOf($user: String!) {
    keys(first: 20, filter: { user: $user }) {
      edges {
        node {
          id
          fingerprint
          comment
          expiresAt
          lastUsedAt
          lastUsedFrom
        }
      }
    }
  }
`);

/** Public keys that a person opens SSH sessions with. */
export function KeyTable({ user }: { readonly user: string }): ReactNode {
  const [{ data, error }, again] = useQuery({ query: KeysQuery, variables: { user } });
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  const revoke = useRevokeKey(refresh);
  if (data === undefined) return <Pending what="the keys" error={error} retry={refresh} />;
  if (data.keys.edges.length === 0) return <Text c="dimmed">No key that lives.</Text>;
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table verticalSpacing="xs" aria-label={`Keys of ${user}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Key</Table.Th>
            <Table.Th>Lives</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.keys.edges.map(({ node }) => (
            <Table.Tr key={node.id}>
              <Table.Td>
                {node.comment ?? ''} <Text size="sm">{node.fingerprint ?? node.id}</Text>
              </Table.Td>
              <Table.Td>
                <Countdown until={node.expiresAt} />
              </Table.Td>
              <Table.Td>{node.lastUsedAt === null ? 'never' : <Moment at={node.lastUsedAt} />}</Table.Td>
              <Table.Td ta="right">
                <RevokePass
                  kind="key"
                  id={node.id}
                  what={node.fingerprint ?? node.id}
                  of={user}
                  act={() => revoke(node.id)}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
