import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from '../../../parts/copy-button.tsx';

export interface RecoveryCodesProps {
  readonly user: string;
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** Recovery codes that were just made, this once. */
export function RecoveryCodes({ user, codes, onKept }: RecoveryCodesProps): ReactNode {
  const text = codes.join('\n');
  return (
    <Alert color="teal" variant="light" role="status" title={`Ten recovery codes for ${user}`}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">They are shown this once. Each works once, in place of a second factor.</Text>
        <Code block tabIndex={0}>
          {text}
        </Code>
        <Group gap="sm">
          <CopyButton text={text} what="the recovery codes" />
          <Button size="xs" variant="default" onClick={onKept}>
            I have them
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
