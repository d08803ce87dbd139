import { Alert, Code, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from '../../parts/copy-button.tsx';

export interface PublicKeyProps {
  readonly name: string;
  readonly username: string;
  /** A line in OpenSSH's form. */
  readonly publicKey: string;
}

const wrapped = { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' } as const;

/** The public half, and how it comes onto the devices. */
export function PublicKey({ name, username, publicKey }: PublicKeyProps): ReactNode {
  const file = `${/^[\w.-]+$/.test(name) && !name.startsWith('-') ? name : 'key'}.pub`;
  const login = /^[\w.@-]+$/.test(username) ? username : 'USERNAME';
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text fw={600}>Public key</Text>
        <CopyButton text={publicKey} what="the public key" />
      </Group>
      <Code block style={wrapped}>
        {publicKey}
      </Code>
      <Alert color="yellow" variant="light" title="The public key must be deployed on all selected devices">
        <Text size="sm">Save it as {file}, then run for each device, with its own address:</Text>
        <Code block my={6} style={wrapped}>{`ssh-copy-id -f -i ${file} ${login}@DEVICE`}</Code>
        <Text size="sm">Without it a session with this key does not open.</Text>
      </Alert>
    </Stack>
  );
}
