import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { terminalAddress } from './paths.ts';

export interface KeyDevice {
  readonly id: string;
  readonly target: string;
  readonly targetId: string;
  readonly account: string;
  readonly allowed: boolean;
  readonly reason: string | null;
  readonly advice: string | null;
  readonly asks: string | null;
}

export interface DeviceTableProps {
  readonly devices: readonly KeyDevice[];
  readonly mainTargetId: string | null;
}

/** Where the key leads; a device that is not open says why, and what to do. */
export function DeviceTable({ devices, mainTargetId }: DeviceTableProps): ReactNode {
  return (
    <Table verticalSpacing="sm" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Device</Table.Th>
          <Table.Th visibleFrom="sm">Account</Table.Th>
          <Table.Th>Session</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {devices.map((device) => (
          <Table.Tr key={device.id}>
            <Table.Td>
              <Group gap="xs">
                <Text fw={600} style={broken}>
                  {device.target}
                </Text>
                {device.targetId === mainTargetId ? (
                  <Badge variant="default" tt="none" fw={400} miw="max-content">
                    Main device
                  </Badge>
                ) : null}
              </Group>
              <Text size="sm" c="dimmed" hiddenFrom="sm" style={broken}>
                {device.account}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm" style={broken}>
              {device.account}
            </Table.Td>
            <Table.Td maw={420}>
              <Start {...device} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Names are as long as people like. */
const broken = { overflowWrap: 'anywhere' } as const;

function Start({ target, account, allowed, reason, advice, asks }: KeyDevice): ReactNode {
  if (!allowed && asks === null) {
    return (
      <Stack gap={2}>
        <Text size="sm">Not open: {reason}.</Text>
        <Text size="sm" c="dimmed">
          {advice}
        </Text>
      </Stack>
    );
  }
  return (
    <Group gap="sm">
      <Button
        component="a"
        href={terminalAddress(target, account)}
        target="_blank"
        rel="noopener"
        size="xs"
        aria-label={`Start session on ${target} as ${account}, in a new tab`}
      >
        Start session
      </Button>
      {asks === null ? null : (
        <Text size="sm" c="dimmed">
          You are asked for a reason: {asks}
        </Text>
      )}
    </Group>
  );
}
