import './sessions.css';
import { Anchor, Badge, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { useChanges } from '../../graphql/use-changes.ts';
import { useRefresh } from '../../graphql/use-refresh.ts';
import { momentText } from '../../parts/moment-text.ts';
import { Pager } from '../../parts/pager.tsx';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { Empty, Failure, FreshnessBadge, Loading } from '../../parts/states.tsx';
import { useUrlPage } from '../../parts/url-state.ts';
import { SessionFilters, useSessionFilter } from './session-filters.tsx';
import { type SessionRow, SessionsQuery } from './sessions-query.ts';
import { bytesText, durationText, endText } from './session-texts.ts';

/** Every session that the viewer may see, newest first. */
export function Sessions(): ReactNode {
  const [after] = useUrlPage();
  const filter = useSessionFilter();
  const [{ data, error }, again] = useQuery({
    query: SessionsQuery,
    variables: { filter, after: after === '' ? null : after },
  });
  const freshness = useChanges({
    types: ['SessionOpened', 'SessionEnded'],
    onChange: () => again({ requestPolicy: 'network-only' }),
  });
  useRefresh(again);
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <ScreenHead title="Sessions" about="Who was where, and what was done there: every recording is a click away.">
        {freshness === null ? null : <FreshnessBadge freshness={freshness} />}
      </ScreenHead>
      <SessionFilters />
      {data === undefined ? (
        error === undefined ? (
          <Loading what="the sessions" />
        ) : (
          <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />
        )
      ) : data.sessions.edges.length === 0 ? (
        isFiltered ? (
          <Empty title="No session fits" next="Take a filter away, or look at another time." />
        ) : (
          <Empty
            title="There was no session yet"
            next="A session stands here as soon as somebody opens one."
            cli="sallyport sessions list"
          />
        )
      ) : (
        <>
          <SessionTable rows={data.sessions.edges.map(({ node }) => node)} />
          <Pager pageInfo={data.sessions.pageInfo} />
        </>
      )}
    </>
  );
}

function SessionTable({ rows }: { readonly rows: readonly SessionRow[] }): ReactNode {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing="xs" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Began</Table.Th>
            <Table.Th>Person</Table.Th>
            <Table.Th>On</Table.Th>
            <Table.Th>Protocol</Table.Th>
            <Table.Th>From</Table.Th>
            <Table.Th ta="right" visibleFrom="lg">
              Received
            </Table.Th>
            <Table.Th>Ended</Table.Th>
            <Table.Th visibleFrom="lg">Recording</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ row }: { readonly row: SessionRow }): ReactNode {
  const { id, user, account, target, protocol, source, startedAt, endedAt, endReason, bytesReceived, recording } = row;
  const began = momentText(startedAt);
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor
          component={Link}
          href={`/sessions/${id}`}
          size="sm"
          fw={600}
          aria-label={`Session of ${user.name}, ${began}`}
        >
          {began}
        </Anchor>
      </Table.Td>
      <Table.Td>{user.name}</Table.Td>
      <Table.Td>
        {account.name}@{target.name}
      </Table.Td>
      <Table.Td>{protocol}</Table.Td>
      <Table.Td className="session-source">{source}</Table.Td>
      <Table.Td ta="right" visibleFrom="lg">
        {endedAt === null || bytesReceived === null ? '–' : bytesText(bytesReceived)}
      </Table.Td>
      <Table.Td>
        {endedAt === null ? (
          <Badge color="red" variant="light" tt="none">
            Live
          </Badge>
        ) : (
          <>
            {endReason === null ? 'Ended' : endText(endReason)}
            <Text size="xs" c="dimmed">
              after {durationText(startedAt, endedAt)}
            </Text>
          </>
        )}
      </Table.Td>
      <Table.Td visibleFrom="lg">
        {recording.duty === 'off' ? (
          <Text size="sm" c="dimmed">
            None
          </Text>
        ) : (
          <Anchor component={Link} href={`/sessions/${id}`} size="sm" tabIndex={-1} aria-hidden>
            {endedAt === null ? 'Watch' : 'Play'}
          </Anchor>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
