import { Anchor, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { graphql } from '../../../graphql/graphql.ts';
import { useRefresh } from '../../../graphql/use-refresh.ts';
import { Countdown, Moment } from '../../../parts/moment.tsx';
import { Pager } from '../../../parts/pager.tsx';
import { useRevokeToken } from '../../../parts/revoke-commands.ts';
import { Empty, Pending } from '../../../parts/states.tsx';
import { useUrlPage } from '../../../parts/url-state.ts';
import { kindName, objectPath } from '../kinds/kind-names.ts';
import { RevokePass } from './revoke-pass.tsx';

const TokensQuery = graphql(`
  query Tokens($filter: PassFilter, $after: String) {
    tokens(first: 20, after: $after, filter: $filter) {
      edges {
        node {
          id
          issuedAt
          expiresAt
          lastUsedAt
          lastUsedFrom
          protocols
          uses
          target {
            id
            name
          }
          user {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export interface TokenTableProps {
  readonly user?: string;
  readonly search?: string;
  /** When they were made, ISO 8601 in UTC. */
  readonly since?: string | null;
  readonly until?: string | null;
}

/** Live temporary tokens of everybody or of one person, with the sessions that end when one is revoked. */
export function TokenTable({ user, search, since = null, until = null }: TokenTableProps): ReactNode {
  const [after] = useUrlPage();
  const filter = {
    ...(user === undefined ? {} : { user }),
    ...(search === undefined || search === '' ? {} : { search }),
    ...(since === null ? {} : { since }),
    ...(until === null ? {} : { until }),
  };
  const variables = { filter, after: after === '' ? null : after };
  const [{ data, error }, again] = useQuery({ query: TokensQuery, variables });
  useRefresh(again);
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  const revoke = useRevokeToken(refresh);
  if (data === undefined) return <Pending what="the tokens" error={error} retry={refresh} />;
  const person = kindName('User');
  if (data.tokens.edges.length === 0) {
    return (
      <Empty
        title={
          search !== undefined && (search !== '' || since !== null || until !== null)
            ? 'No live token fits'
            : 'No live token'
        }
        next="A person makes one for clients such as ssh or psql."
        cli="sallyport token create"
      />
    );
  }
  return (
    <>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="sm" aria-label="Live temporary tokens">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Person</Table.Th>
              <Table.Th>Lives</Table.Th>
              <Table.Th>For</Table.Th>
              <Table.Th>Last used</Table.Th>
              <Table.Th>Sessions opened</Table.Th>
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.tokens.edges.map(({ node }) => (
              <Table.Tr key={node.id}>
                <Table.Td>
                  {person === undefined ? (
                    node.user.name
                  ) : (
                    <Anchor component={Link} href={objectPath(person, node.user.name, 'passes')}>
                      {node.user.name}
                    </Anchor>
                  )}
                  {node.issuedAt === null ? null : (
                    <Text size="sm" c="dimmed">
                      made <Moment at={node.issuedAt} />
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Countdown until={node.expiresAt} />
                </Table.Td>
                <Table.Td>
                  {[node.protocols?.join(', ') ?? 'every protocol', node.target?.name ?? 'every target'].join(' · ')}
                </Table.Td>
                <Table.Td>
                  {node.lastUsedAt === null ? (
                    'never'
                  ) : (
                    <>
                      <Moment at={node.lastUsedAt} /> from {node.lastUsedFrom ?? 'an unknown address'}
                    </>
                  )}
                </Table.Td>
                <Table.Td>{node.uses}</Table.Td>
                <Table.Td ta="right">
                  <RevokePass
                    kind="token"
                    id={node.id}
                    what={`of ${node.user.name} ${node.issuedAt ?? ''}`}
                    of={node.user.name}
                    act={() => revoke(node.id)}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Pager pageInfo={data.tokens.pageInfo} />
    </>
  );
}
