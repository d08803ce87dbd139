import { Badge, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../../graphql/graphql.ts';
import { useCommand } from '../../graphql/use-command.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { Countdown, Moment } from '../../parts/moment.tsx';
import { Pending } from '../../parts/states.tsx';
import { useRefresh } from '../../graphql/use-refresh.ts';
import { openedBy } from './opened-by.ts';
import { Part } from './part.tsx';

const OwnLogins = graphql(`
  query OwnLogins {
    viewer {
      id
      logins(first: 100) {
        edges {
          node {
            id
            door
            source
            provider
            factors
            openedAt
            expiresAt
            current
          }
        }
      }
    }
  }
`);

const CloseLogin = graphql(`
  mutation CloseLogin($input: CloseLoginInput!) {
    closeLogin(input: $input) {
      id
      errors {
        code
        message
      }
    }
  }
`);

type Login = ResultOf<typeof OwnLogins>['viewer']['logins']['edges'][number]['node'];

/** Where the person is logged in: browsers and command lines. */
export function LoginsPart(): ReactNode {
  const [{ data, error }, again] = useQuery({ query: OwnLogins });
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  useRefresh(again);
  return (
    <Part title="Logins" about="Browsers and command lines that are logged in as you.">
      {data === undefined ? (
        <Pending what="your logins" error={error} retry={refresh} />
      ) : (
        <Table verticalSpacing="xs" aria-label="Your logins">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Where</Table.Th>
              <Table.Th visibleFrom="sm">Since</Table.Th>
              <Table.Th visibleFrom="md">Lives</Table.Th>
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.viewer.logins.edges.map(({ node }) => (
              <LoginRow key={node.id} login={node} onClosed={refresh} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  );
}

function LoginRow({ login, onClosed }: { readonly login: Login; readonly onClosed: () => void }): ReactNode {
  const close = useCommand(CloseLogin, onClosed);
  const { id, door, source, provider, factors, openedAt, expiresAt, current } = login;
  const kind = door === 'web' ? 'Browser' : 'Command line';
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600} component="span">
          {kind} from {source}
        </Text>
        <Text size="sm" c="dimmed">
          {openedBy(provider, factors)}
        </Text>
        <Text size="sm" c="dimmed" hiddenFrom="sm">
          <Moment at={openedAt} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Moment at={openedAt} />
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Countdown until={expiresAt} />
      </Table.Td>
      <Table.Td ta="right">
        {current ? (
          <Badge color="gate" variant="light" tt="none">
            This one
          </Badge>
        ) : (
          <ConfirmButton
            label="Sign out"
            what={`${kind} from ${source} of ${openedAt}`}
            title="Sign out there?"
            act={() => close({ input: { id } })}
          >
            {kind} from {source}: it has to log in anew, and terminals that are open in it end.
          </ConfirmButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
