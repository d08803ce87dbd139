import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type SyntheticEvent, type ReactNode, useState } from 'react';
import { emptyDocument } from '../../admin/document/document.ts';
import { placeErrors } from '../../admin/document/error-places.ts';
import { yamlText } from '../../admin/document/yaml-text.ts';
import { useApply } from '../../admin/use-apply.ts';
import { ConfirmHostKeys } from './confirm-host-keys.tsx';

export interface NewDeviceProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** It stands, whether its host key is confirmed or not. */
  readonly onRegistered: (device: string) => void;
}

/** Registers a device for SSH, and asks it for its host keys, without which it opens nothing. */
export function NewDevice({ opened, onClose, onRegistered }: NewDeviceProps): ReactNode {
  const [registered, setRegistered] = useState<string | null>(null);
  const close = (): void => {
    setRegistered(null);
    onClose();
  };
  const take = (device: string): void => {
    setRegistered(device);
    onRegistered(device);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={registered === null ? 'Register new device' : `Host keys of ${registered}`}
      size="lg"
    >
      {!opened ? null : registered === null ? (
        <DeviceForm onCancel={close} onRegistered={take} />
      ) : (
        <ConfirmHostKeys target={registered} onDone={close} />
      )}
    </Modal>
  );
}

interface DeviceFormProps {
  readonly onCancel: () => void;
  readonly onRegistered: (device: string) => void;
}

function DeviceForm({ onCancel, onRegistered }: DeviceFormProps): ReactNode {
  const apply = useApply();
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<readonly { readonly message: string; readonly line: number | null }[]>([]);
  const { byField, others } = placeErrors(errors, ['metadata.name', 'spec.address']);
  const register = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const spec = { protocol: 'ssh', ...(address === '' ? {} : { address: withPort(address.trim()) }) };
    const wish = { documents: yamlText({ ...emptyDocument('Target', spec), metadata: { name } }), setSecrets: false };
    setBusy(true);
    const dryRun = await apply(wish, true);
    const stands = dryRun.changes.some(({ before }) => before !== null);
    const found = stands ? [{ message: `metadata.name: ${taken}`, line: null }] : dryRun.errors;
    const done = found.length > 0 ? found : (await apply(wish, false)).errors;
    setBusy(false);
    setErrors(done);
    if (done.length === 0) onRegistered(name);
  };
  return (
    <form onSubmit={(event) => void register(event)}>
      <Stack gap="md">
        <TextInput
          label="Device name"
          withAsterisk
          data-autofocus
          value={name}
          error={byField.get('metadata.name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Address"
          description="Host name or address; its port behind a colon when it is not 22."
          placeholder="web1.example.org:22"
          withAsterisk
          value={address}
          error={byField.get('spec.address')}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        {others.length === 0 ? null : (
          <Alert color="red" variant="light" role="alert" title="It was not registered">
            {others.join('\n')}
          </Alert>
        )}
        <Text size="sm" c="dimmed">
          It becomes a Target with the protocol SSH.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Register
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const taken = 'a device of this name is registered already; choose it as it is, or give another name';

/** The port of SSH where none is given; an IPv6 address stands in brackets. */
function withPort(address: string): string {
  return /:\d+$/.test(address.replace(/^\[.*\]/, '')) ? address : `${address}:22`;
}
