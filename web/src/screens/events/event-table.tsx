import { Anchor, Button, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { graphql } from '../../graphql/graphql.ts';
import { momentText } from '../../parts/moment-text.ts';
import { actorText, sessionOf } from './event-texts.ts';
import type { EventRow } from './events-query.ts';

const NamesQuery = graphql(`
  query NamesOfUsers($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ... on User {
        name
      }
    }
  }
`);

export interface EventTableProps {
  readonly rows: readonly EventRow[];
  readonly onShow: (event: EventRow) => void;
}

export function EventTable({ rows, onShow }: EventTableProps): ReactNode {
  const nameOf = useNames(rows);
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table verticalSpacing={6} highlightOnHover layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={185}>When</Table.Th>
            <Table.Th w={230}>Type</Table.Th>
            <Table.Th w={160}>Who</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th w={90}>Session</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((event) => {
            const session = sessionOf(event);
            return (
              <Table.Tr key={event.id}>
                <Table.Td>
                  <Text size="sm">{momentText(event.metadata.at)}</Text>
                </Table.Td>
                <Table.Td>
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    ml={-8}
                    onClick={() => onShow(event)}
                    aria-label={`${event.type}, the whole event`}
                  >
                    {event.type}
                  </Button>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" truncate>
                    {nameOf(event)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="xs" c="dimmed" ff="monospace" truncate>
                    {JSON.stringify(event.data)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {session === null ? null : (
                    <Anchor component={Link} href={`/sessions/${session}`} size="sm">
                      Session
                    </Anchor>
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Actors are stored as ids; who they are now is asked for once a page. */
function useNames(rows: readonly EventRow[]): (event: EventRow) => string {
  const actors = rows.map(({ metadata }) => actorText(metadata.actor));
  const ids = [...new Set(actors.filter((actor) => actor.startsWith('user-')))].sort();
  const [{ data }] = useQuery({ query: NamesQuery, variables: { ids }, pause: ids.length === 0 });
  const names = new Map<string, string>();
  for (const node of data?.nodes ?? []) if (node !== null && 'name' in node) names.set(node.id, node.name);
  return ({ metadata }) => {
    const actor = actorText(metadata.actor);
    return names.get(actor) ?? actor;
  };
}
