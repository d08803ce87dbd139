import { Badge, Box, Group, Modal, Table, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { KeyActions } from './key-actions.tsx';
import type { KeyRow } from './key-row.ts';
import { PublicKey } from './public-key.tsx';

export interface KeyTableProps {
  readonly rows: readonly KeyRow[];
  /** Whether keys may be changed from here. */
  readonly administers: boolean;
}

/** The keys, each with what can be done with it. */
export function KeyTable({ rows, administers }: KeyTableProps): ReactNode {
  const [shown, setShown] = useState<KeyRow | null>(null);
  return (
    <>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Key name</Table.Th>
            <Table.Th visibleFrom="sm">Username</Table.Th>
            <Table.Th visibleFrom="sm">Devices</Table.Th>
            <Table.Th visibleFrom="sm">Status</Table.Th>
            <Table.Th w={110}>Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>
                <NameCell row={row} />
              </Table.Td>
              <Table.Td visibleFrom="sm" style={broken}>
                {row.username}
              </Table.Td>
              <Table.Td visibleFrom="sm" style={broken}>
                {devicesText(row)}
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Status active={row.active} />
              </Table.Td>
              <Table.Td>
                <KeyActions name={row.name} administers={administers} onPublicKey={() => setShown(row)} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Modal opened={shown !== null} onClose={() => setShown(null)} title={shown?.name} size="lg">
        {shown === null ? null : <PublicKey {...shown} />}
      </Modal>
    </>
  );
}

/** Names are as long as people like. */
const broken = { overflowWrap: 'anywhere' } as const;

/** On a narrow screen it says what the other columns would. */
function NameCell({ row }: { readonly row: KeyRow }): ReactNode {
  return (
    <>
      <Text fw={600} style={broken}>
        {row.name}
      </Text>
      <Text size="sm" c="dimmed" style={broken}>
        {row.publicKey.split(' ')[0]}
        {row.owner === '' ? '' : ` of ${row.owner}`}
      </Text>
      <Text size="sm" c="dimmed" hiddenFrom="sm" style={broken}>
        {row.username} on {row.devices.length === 0 ? 'any device' : devicesText(row)}
      </Text>
      <Tags labels={row.labels} />
      {row.active ? null : (
        <Box hiddenFrom="sm" mt={4}>
          <Status active={false} />
        </Box>
      )}
    </>
  );
}

function Status({ active }: { readonly active: boolean }): ReactNode {
  return (
    <Badge variant="light" color={active ? 'gate' : 'orange'} tt="none" miw="max-content">
      {active ? 'Active' : 'Inactive'}
    </Badge>
  );
}

const mostDevices = 3;

function devicesText({ devices, more }: KeyRow): string {
  if (devices.length === 0) return 'Any';
  const rest = devices.length - mostDevices;
  return `${devices.slice(0, mostDevices).join(', ')}${rest > 0 || more ? ' and more' : ''}`;
}

function Tags({ labels }: { readonly labels: KeyRow['labels'] }): ReactNode {
  const entries = Object.entries(labels);
  if (entries.length === 0) return null;
  return (
    <Group gap={4} mt={4}>
      {entries.slice(0, 4).map(([key, value]) => (
        <Badge key={key} size="sm" variant="default" tt="none" fw={400}>
          {value === 'true' ? key : `${key}=${value}`}
        </Badge>
      ))}
    </Group>
  );
}
