import { Code, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../../graphql/graphql.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { Countdown, Moment } from '../../parts/moment.tsx';
import { useRevokeKey } from '../../parts/revoke-commands.ts';
import { Pending } from '../../parts/states.tsx';
import { useRefresh } from '../../graphql/use-refresh.ts';
import { Part } from './part.tsx';

const OwnKeys = graphql(`
  query OwnKeys {
    viewer {
      id
      keys(first: 20) {
        edges {
          node {
            id
            algorithm
            fingerprint
            comment
            expiresAt
            lastUsedAt
            lastUsedFrom
          }
        }
      }
    }
  }
`);

type Key = ResultOf<typeof OwnKeys>['viewer']['keys']['edges'][number]['node'];

/** Own public keys that are live passes for SSH. */
export function KeysPart(): ReactNode {
  const [{ data, error }, again] = useQuery({ query: OwnKeys });
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  useRefresh(again);
  const keys = data?.viewer.keys.edges.map(({ node }) => node);
  return (
    <Part
      title="Own keys"
      about="Public keys of yours that open SSH sessions instead of a token, for some hours. They are registered where the private key is."
    >
      {keys === undefined ? (
        <Pending what="your keys" error={error} retry={refresh} />
      ) : keys.length === 0 ? (
        <Text size="sm">
          You have none. On the command line: <Code>sallyport key add ~/.ssh/id_ed25519.pub</Code>
        </Text>
      ) : (
        <Table verticalSpacing="xs" aria-label="Your own keys">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Key</Table.Th>
              <Table.Th visibleFrom="sm">Lives</Table.Th>
              <Table.Th visibleFrom="md">Last used</Table.Th>
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map((key) => (
              <KeyRow key={key.id} of={key} onRevoked={refresh} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  );
}

function KeyRow({ of, onRevoked }: { readonly of: Key; readonly onRevoked: () => void }): ReactNode {
  const revoke = useRevokeKey(onRevoked);
  const { id, algorithm, fingerprint, comment, expiresAt, lastUsedAt, lastUsedFrom } = of;
  const name = comment === null || comment === '' ? (algorithm ?? 'Key') : comment;
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600} component="span">
          {name}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {fingerprint}
        </Text>
        <Text size="sm" c="dimmed" hiddenFrom="sm">
          <Countdown until={expiresAt} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Countdown until={expiresAt} />
      </Table.Td>
      <Table.Td visibleFrom="md">
        {lastUsedAt === null ? 'never' : <Moment at={lastUsedAt} />}
        {lastUsedFrom === null ? '' : ` from ${lastUsedFrom}`}
      </Table.Td>
      <Table.Td ta="right">
        <ConfirmButton label="Revoke" what={`the key ${name}`} title="Revoke this key?" act={() => revoke(id)}>
          It opens nothing from now on, and the sessions that were opened with it end.
        </ConfirmButton>
      </Table.Td>
    </Table.Tr>
  );
}
