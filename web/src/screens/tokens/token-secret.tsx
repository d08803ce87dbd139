import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Countdown } from '../../parts/moment.tsx';

export interface TokenSecretProps {
  readonly secret: string;
  readonly expiresAt: string;
}

/** The token itself, this once: covered until it is asked for, since screens are looked at by others too. */
export function TokenSecret({ secret, expiresAt }: TokenSecretProps): ReactNode {
  const [shown, setShown] = useState(false);
  return (
    <Alert color="gate" variant="light" title="Your token is ready" role="status">
      {/* With room for the ring of the focus. */}
      <Stack gap="sm" pr={4}>
        <Group gap="xs" wrap="nowrap">
          <Code block flex={1} p="xs" fz="sm" style={{ whiteSpace: 'pre-wrap', wordBreak: 'break-all' }}>
            {shown ? secret : `${secret.slice(0, 4)}${'•'.repeat(20)}`}
          </Code>
          <Button
            variant="default"
            size="xs"
            onClick={() => setShown(!shown)}
            aria-label={shown ? 'Cover the token' : 'Show the token'}
          >
            {shown ? 'Cover' : 'Show'}
          </Button>
          <CopyButton text={secret} what="the token" variant="filled" />
        </Group>
        <Text size="sm">
          Copy it now: it is not shown again. It is your password at the proxies, <Countdown until={expiresAt} />.
        </Text>
      </Stack>
    </Alert>
  );
}
