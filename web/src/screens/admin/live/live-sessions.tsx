import { Anchor, Table, Text, VisuallyHidden } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { graphql } from '../../../graphql/graphql.ts';
import { useFollow } from '../../../graphql/use-follow.ts';
import { EndSession } from '../../../parts/end-session.tsx';
import { Moment } from '../../../parts/moment.tsx';
import { Pager } from '../../../parts/pager.tsx';
import { ScreenHead } from '../../../parts/screen-head.tsx';
import { Empty, FreshnessBadge, Pending } from '../../../parts/states.tsx';
import { useUrlPage } from '../../../parts/url-state.ts';

const LiveSessions = graphql(`
  query LiveSessions($after: String) {
    logHead
    sessions(first: 50, after: $after, order: NEWEST, filter: { live: true }) {
      edges {
        node {
          id
          protocol
          source
          client
          startedAt
          reason
          user {
            id
            name
          }
          target {
            id
            name
          }
          account {
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

const types = ['SessionOpened', 'SessionEnded'] as const;
const pauseMilliseconds = 300;

/** The sessions that are open now, as they come and go. */
export function LiveSessionsScreen(): ReactNode {
  const [after] = useUrlPage();
  const [{ data, error }, again] = useQuery({
    query: LiveSessions,
    variables: { after: after === '' ? null : after },
  });
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  const refreshSoon = useDebouncedCallback(refresh, pauseMilliseconds);
  const freshness = useFollow({ after: data?.logHead ?? null, types, onEvents: () => refreshSoon() });
  return (
    <>
      <ScreenHead title="Live sessions" about="Who is on which target now.">
        <FreshnessBadge freshness={freshness} />
      </ScreenHead>
      {data === undefined ? (
        <Pending what="the sessions" error={error} retry={refresh} />
      ) : data.sessions.edges.length === 0 ? (
        <Empty
          title="No session is open"
          next="It appears here as soon as somebody opens one."
          cli="sallyport sessions list"
        />
      ) : (
        <>
          <Table.ScrollContainer minWidth={640}>
            <Table verticalSpacing="sm" highlightOnHover aria-label="Live sessions">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Person</Table.Th>
                  <Table.Th>On</Table.Th>
                  <Table.Th>From</Table.Th>
                  <Table.Th>Since</Table.Th>
                  <Table.Th>
                    <VisuallyHidden>Actions</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.sessions.edges.map(({ node }) => (
                  <Table.Tr key={node.id}>
                    <Table.Td fw={600}>{node.user.name}</Table.Td>
                    <Table.Td>
                      {node.account.name} on {node.target.name}
                      {node.reason === null ? null : (
                        <Text size="sm" c="dimmed">
                          {node.reason}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>
                      {node.source}
                      <Text size="sm" c="dimmed" lineClamp={1}>
                        {node.client ?? node.protocol}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <Moment at={node.startedAt} />
                    </Table.Td>
                    <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                      <Anchor
                        component={Link}
                        href={`/sessions/${node.id}?live=yes`}
                        aria-label={`Watch ${node.user.name} on ${node.target.name}`}
                        mr="md"
                      >
                        Watch
                      </Anchor>
                      <EndSession
                        id={node.id}
                        what={`the session of ${node.user.name} on ${node.target.name}`}
                        title={`End the session of ${node.user.name} on ${node.target.name}?`}
                        withReason
                        onEnded={refresh}
                      >
                        The connection is cut at once; what runs on the target may end with it.
                      </EndSession>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Pager pageInfo={data.sessions.pageInfo} />
        </>
      )}
    </>
  );
}
