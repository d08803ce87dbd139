import { Badge, Button, Group, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { Moment } from '../../parts/moment.tsx';
import { protocolName } from '../../parts/protocol-names.ts';
import { FavouriteStar } from './favourite-star.tsx';
import { labelsOf } from './labels.ts';
import type { AccessEntry } from './reach-queries.ts';

export interface AccessTableProps {
  readonly entries: readonly AccessEntry[];
  readonly onConnect: (accountId: string) => void;
  readonly onMarked: (problem: string | null) => void;
}

const unbroken = { whiteSpace: 'nowrap' } as const;

/** One line for each account of each target; on a narrow window the parts of a line stand below each other. */
export function AccessTable({ entries, onConnect, onMarked }: AccessTableProps): ReactNode {
  return (
    <Table verticalSpacing="xs" highlightOnHover aria-label="What you may reach">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={44}>
            <VisuallyHidden>Favourite</VisuallyHidden>
          </Table.Th>
          <Table.Th>Target</Table.Th>
          <Table.Th visibleFrom="sm">Account</Table.Th>
          <Table.Th visibleFrom="sm" style={unbroken}>
            Protocol
          </Table.Th>
          <Table.Th visibleFrom="lg">State</Table.Th>
          <Table.Th visibleFrom="sm" style={unbroken}>
            Last used
          </Table.Th>
          <Table.Th w={116}>
            <VisuallyHidden>Connect</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={entry.id}>
            <Table.Td pr={0}>
              <FavouriteStar entry={entry} onDone={onMarked} />
            </Table.Td>
            <Table.Td>
              <TargetCell entry={entry} />
            </Table.Td>
            <Table.Td visibleFrom="sm">{entry.account}</Table.Td>
            <Table.Td visibleFrom="sm" style={unbroken}>
              {protocolName(entry.protocol)}
            </Table.Td>
            <Table.Td visibleFrom="lg">
              <State entry={entry} />
            </Table.Td>
            <Table.Td visibleFrom="sm" style={unbroken}>
              {entry.lastUsedAt === null ? <Text c="dimmed">–</Text> : <Moment at={entry.lastUsedAt} />}
            </Table.Td>
            <Table.Td ta="right">
              <ConnectButton entry={entry} onConnect={onConnect} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** What asks for a reason is connected to as well: the reason is asked for there. */
function ConnectButton({
  entry: { id, target, account, allowed, asks },
  onConnect,
}: {
  readonly entry: AccessEntry;
  readonly onConnect: (accountId: string) => void;
}): ReactNode {
  const open = allowed || asks !== null;
  return (
    <Button
      size="xs"
      variant={open ? 'filled' : 'default'}
      onClick={() => onConnect(id)}
      aria-label={`${open ? 'Connect to' : 'Why not'} ${account} on ${target}`}
    >
      {open ? 'Connect' : 'Why not?'}
    </Button>
  );
}

function TargetCell({ entry }: { readonly entry: AccessEntry }): ReactNode {
  return (
    <>
      <Text fw={600} component="span">
        {entry.target}
      </Text>
      <Text size="sm" c="dimmed" hiddenFrom="sm">
        {entry.account} · {protocolName(entry.protocol)}
        {entry.lastUsedAt === null ? null : (
          <>
            {' · '}
            <Moment at={entry.lastUsedAt} />
          </>
        )}
      </Text>
      <Group gap={4} component="span" mt={2}>
        {labelsOf(entry.labels).map((label) => (
          <Badge key={label} variant="default" size="sm" tt="none" fw={400}>
            {label}
          </Badge>
        ))}
      </Group>
      {entry.allowed ? null : (
        <Text size="sm" c="dimmed" hiddenFrom="lg">
          {entry.reason}
        </Text>
      )}
    </>
  );
}

function State({ entry }: { readonly entry: AccessEntry }): ReactNode {
  if (entry.allowed) {
    return (
      <Badge color="gate" variant="light" tt="none">
        Open
      </Badge>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      {entry.reason}
    </Text>
  );
}
