import { Badge, Group, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../../graphql/graphql.ts';
import { useCommand } from '../../../graphql/use-command.ts';
import { useRefresh } from '../../../graphql/use-refresh.ts';
import { ConfirmButton } from '../../../parts/confirm-button.tsx';
import { Countdown, Moment } from '../../../parts/moment.tsx';
import { Pending } from '../../../parts/states.tsx';

const LoginsQuery = graphql(`
  query LoginsOf($user: String!) {
    logins(user: $user, first: 100) {
      edges {
        node {
          id
          current
          door
          source
          provider
          factors
          openedAt
          expiresAt
        }
      }
    }
  }
`);

const Close = graphql(`
  mutation CloseLogins($input: CloseLoginsInput!) {
    closeLogins(input: $input) {
      ids
      errors {
        code
        message
      }
    }
  }
`);

/** Where a person is logged in, each to be ended, or all of them. */
export function LoginTable({ user }: { readonly user: string }): ReactNode {
  const [{ data, error }, again] = useQuery({ query: LoginsQuery, variables: { user } });
  useRefresh(again);
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  const close = useCommand(Close, refresh);
  if (data === undefined) return <Pending what="the logins" error={error} retry={refresh} />;
  const { edges } = data.logins;
  if (edges.length === 0) return <Text c="dimmed">Not logged in anywhere.</Text>;
  return (
    <>
      <Table.ScrollContainer minWidth={520}>
        <Table verticalSpacing="xs" aria-label={`Logins of ${user}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Where</Table.Th>
              <Table.Th>How</Table.Th>
              <Table.Th>Since</Table.Th>
              <Table.Th>Lives</Table.Th>
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {edges.map(({ node }) => (
              <Table.Tr key={node.id}>
                <Table.Td>
                  {node.door === 'web' ? 'Browser' : node.door} from {node.source}
                </Table.Td>
                <Table.Td>{[node.provider, ...node.factors].join(', ')}</Table.Td>
                <Table.Td>
                  <Moment at={node.openedAt} />
                </Table.Td>
                <Table.Td>
                  <Countdown until={node.expiresAt} />
                </Table.Td>
                <Table.Td ta="right">
                  {node.current ? (
                    <Badge variant="light" tt="none">
                      This one
                    </Badge>
                  ) : (
                    <ConfirmButton
                      label="End"
                      what={`the login from ${node.source} of ${node.openedAt}`}
                      title="End this login?"
                      act={() => close({ input: { id: node.id } })}
                    >
                      {user} has to log in there anew, and sessions that were opened with this login end.
                    </ConfirmButton>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group mt="xs">
        <ConfirmButton
          label="End all logins"
          what={`of ${user}`}
          title={`End every login of ${user}?`}
          act={() => close({ input: { user } })}
        >
          {edges.some(({ node }) => node.current) ? 'You end your own login too. ' : ''}
          {user} has to log in anew everywhere. Tokens and keys live on: revoke them below.
        </ConfirmButton>
      </Group>
    </>
  );
}
