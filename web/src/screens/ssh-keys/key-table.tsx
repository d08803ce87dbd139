import { Badge, Group, Modal, Table, Text } from '@mantine/core';
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
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="sm" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Key name</Table.Th>
              <Table.Th>Username</Table.Th>
              <Table.Th>Devices</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>Actions</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <Text fw={600}>{row.name}</Text>
                  <Text size="sm" c="dimmed">
                    {row.publicKey.split(' ')[0]}
                    {row.owner === '' ? '' : ` of ${row.owner}`}
                  </Text>
                  <Tags labels={row.labels} />
                </Table.Td>
                <Table.Td>{row.username}</Table.Td>
                <Table.Td>{devicesText(row)}</Table.Td>
                <Table.Td>
                  <Badge variant="light" color={row.active ? 'gate' : 'orange'} tt="none">
                    {row.active ? 'Active' : 'Inactive'}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <KeyActions name={row.name} administers={administers} onPublicKey={() => setShown(row)} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Modal opened={shown !== null} onClose={() => setShown(null)} title={shown?.name} size="lg">
        {shown === null ? null : <PublicKey {...shown} />}
      </Modal>
    </>
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
