import { Alert, Button, CloseButton, Group, List, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { DeviceField } from './device-field.tsx';
import { DevicesModal } from './devices-modal.tsx';
import { devicesOf } from './draft.ts';
import { NewDevice } from './new-device.tsx';
import type { TabProps } from './tab-props.ts';

/** The devices that the key opens. */
export function DevicesTab({ draft, onChange, problemOf }: TabProps): ReactNode {
  const [dialog, setDialog] = useState<'none' | 'add' | 'new'>('none');
  const more = draft.moreDevices.filter((device) => device !== draft.mainDevice);
  const close = (): void => setDialog('none');
  const add = (devices: readonly string[]): void =>
    onChange({ moreDevices: [...new Set([...draft.moreDevices, ...devices])] });
  const problem = problemOf('moreDevices');
  return (
    <Stack gap="lg" maw={640}>
      <Group align="flex-end" gap="sm">
        <DeviceField
          value={draft.mainDevice}
          error={problemOf('mainDevice')}
          onChange={(mainDevice) => onChange({ mainDevice })}
        />
        <Button variant="default" onClick={() => setDialog('new')}>
          Register new device
        </Button>
      </Group>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={600} id="more-devices">
            More devices
          </Text>
          <Button id="field-moreDevices" variant="default" size="xs" onClick={() => setDialog('add')}>
            Add
          </Button>
        </Group>
        {more.length === 0 ? (
          <Text size="sm" c="dimmed">
            None. Press “Add” to select registered devices.
          </Text>
        ) : (
          <List listStyleType="none" aria-labelledby="more-devices" spacing={4}>
            {more.map((device) => (
              <List.Item key={device}>
                <Group gap="xs">
                  <Text span>{device}</Text>
                  <CloseButton
                    size="sm"
                    aria-label={`Take ${device} away`}
                    onClick={() => onChange({ moreDevices: draft.moreDevices.filter((each) => each !== device) })}
                  />
                </Group>
              </List.Item>
            ))}
          </List>
        )}
        {problem === undefined ? null : (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {problem}
          </Text>
        )}
      </Stack>
      <Alert color="yellow" variant="light" title="The public key must be deployed on all selected devices">
        Run <code>ssh-copy-id</code> for each of them: without it a session does not open.
      </Alert>
      <DevicesModal opened={dialog === 'add'} onClose={close} taken={devicesOf(draft)} onAdd={add} />
      <NewDevice
        opened={dialog === 'new'}
        onClose={close}
        onRegistered={(device) => {
          if (draft.mainDevice === '') onChange({ mainDevice: device });
          else add([device]);
        }}
      />
    </Stack>
  );
}
