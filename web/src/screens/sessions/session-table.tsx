import { Badge, Button, Group, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { EndSession } from '../../parts/end-session.tsx';
import { Moment } from '../../parts/moment.tsx';
import { duration } from '../../parts/moments.ts';
import { protocolName } from '../../parts/protocol-names.ts';
import { useNow } from '../../parts/use-now.ts';
import { endText } from './end-texts.ts';
import type { OwnSession } from './session-queries.ts';

export interface SessionTableProps {
  readonly sessions: readonly OwnSession[];
  readonly onEnded: () => void;
}

/** One line for each session; an open one can be ended, a recorded one can be watched. */
export function SessionTable({ sessions, onEnded }: SessionTableProps): ReactNode {
  return (
    <Table verticalSpacing="xs" highlightOnHover aria-label="Your sessions">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Where</Table.Th>
          <Table.Th visibleFrom="sm">Started</Table.Th>
          <Table.Th visibleFrom="sm">Took</Table.Th>
          <Table.Th visibleFrom="md">From</Table.Th>
          <Table.Th visibleFrom="sm">State</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sessions.map((session) => (
          <Table.Tr key={session.id}>
            <Table.Td>
              <Text fw={600} component="span">
                {session.target.name}
              </Text>
              <Text size="sm" c="dimmed">
                {session.account.name} · {protocolName(session.protocol)}
              </Text>
              <Text size="sm" c="dimmed" component="div" hiddenFrom="sm">
                <Moment at={session.startedAt} />: <State session={session} />
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Moment at={session.startedAt} />
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Took session={session} />
            </Table.Td>
            <Table.Td visibleFrom="md">
              {session.source}
              <Text size="xs" c="dimmed" lineClamp={1} title={session.client ?? undefined}>
                {session.client}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <State session={session} />
            </Table.Td>
            <Table.Td>
              <Actions session={session} onEnded={onEnded} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Actions({ session, onEnded }: { readonly session: OwnSession; readonly onEnded: () => void }): ReactNode {
  const { id, target, account, startedAt, endedAt, recording } = session;
  const which = `the session on ${target.name} of ${startedAt}`;
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {recording.chunks === 0 ? null : (
        <Button size="xs" variant="default" component={Link} href={`/sessions/${id}`} aria-label={`Watch ${which}`}>
          Watch
        </Button>
      )}
      {endedAt === null ? (
        <EndSession id={id} what={which} title="End this session?" onEnded={onEnded}>
          {account.name} on {target.name}: what runs there is cut off.
        </EndSession>
      ) : null}
    </Group>
  );
}

function Took({ session: { startedAt, endedAt } }: { readonly session: OwnSession }): ReactNode {
  const now = useNow(endedAt === null ? 1_000 : 60_000);
  const until = endedAt === null ? now : Date.parse(endedAt);
  return <span style={{ fontVariantNumeric: 'tabular-nums' }}>{duration(until - Date.parse(startedAt))}</span>;
}

function State({ session: { endedAt, endReason, endMessage } }: { readonly session: OwnSession }): ReactNode {
  if (endedAt === null) {
    return (
      <Badge color="gate" variant="light" tt="none">
        Open
      </Badge>
    );
  }
  return (
    <Text size="sm" c="dimmed" component="span">
      {endText(endReason ?? 'ended')}
      {endMessage === null ? '' : `: ${endMessage}`}
    </Text>
  );
}
