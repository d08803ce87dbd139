import { Badge, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { SearchField } from '../../../parts/search-field.tsx';
import { Empty, Failure, Loading } from '../../../parts/states.tsx';
import { DevicesQuery } from './device-queries.ts';

export interface DevicesModalProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Those that the key has already. */
  readonly taken: readonly string[];
  readonly onAdd: (devices: readonly string[]) => void;
}

/** Registered devices to choose from. */
export function DevicesModal({ opened, onClose, ...props }: DevicesModalProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Devices" size="lg">
      {opened ? <Choice {...props} onClose={onClose} /> : null}
    </Modal>
  );
}

function Choice({ taken, onAdd, onClose }: Omit<DevicesModalProps, 'opened'>): ReactNode {
  const [search, setSearch] = useState('');
  const [after, setAfter] = useState<string | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [{ data, error }, again] = useQuery({
    query: DevicesQuery,
    variables: { search: search === '' ? null : search, first: 50, after },
  });
  const add = (): void => {
    onAdd(chosen);
    onClose();
  };
  return (
    <Stack gap="md">
      <SearchField
        label="Search devices"
        value={search}
        onChange={(words) => {
          setSearch(words);
          setAfter(null);
        }}
      />
      {data === undefined ? (
        error === undefined ? (
          <Loading what="the devices" />
        ) : (
          <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />
        )
      ) : data.targets.edges.length === 0 ? (
        <Empty
          title={search === '' ? 'No device is registered yet' : 'No device has these words'}
          next={search === '' ? 'Close this and press “Register new device”.' : 'Search for fewer or other words.'}
        />
      ) : (
        <Checkbox.Group
          label="Devices to add"
          value={[...chosen]}
          onChange={setChosen}
          styles={{ label: { marginBottom: 8 } }}
        >
          <Stack gap={10}>
            {data.targets.edges.map(({ node }) => (
              <Checkbox
                key={node.id}
                value={node.name}
                disabled={taken.includes(node.name)}
                label={<Device {...node} taken={taken.includes(node.name)} />}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <Group justify="space-between">
        <Group gap="xs">
          {after === null ? null : (
            <Button variant="default" size="xs" onClick={() => setAfter(null)}>
              First page
            </Button>
          )}
          {data?.targets.pageInfo.hasNextPage === true ? (
            <Button variant="default" size="xs" onClick={() => setAfter(data.targets.pageInfo.endCursor)}>
              Next page
            </Button>
          ) : null}
          <Text size="sm" c="dimmed" role="status">
            {chosen.length === 0 ? 'None is selected' : `${chosen.length} selected`}
          </Text>
        </Group>
        <Group gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={add} disabled={chosen.length === 0}>
            Add
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

interface DeviceProps {
  readonly name: string;
  readonly host: string | null;
  readonly port: number | null;
  readonly trusted: boolean;
  readonly disabled: boolean;
  readonly taken: boolean;
}

function Device({ name, host, port, trusted, disabled, taken }: DeviceProps): ReactNode {
  const state = taken ? 'added' : disabled ? 'disabled' : trusted ? null : 'host key not confirmed';
  return (
    <Group gap="xs">
      <Text span fw={600} size="sm">
        {name}
      </Text>
      <Text span size="sm" c="dimmed">
        {host}:{port}
      </Text>
      {state === null ? null : (
        <Badge variant="light" color="gray" c="var(--mantine-color-text)" tt="none">
          {state}
        </Badge>
      )}
    </Group>
  );
}
