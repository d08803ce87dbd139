import { Alert, Button, Checkbox, Group, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { openProtocols, type OpenProtocol, protocolName } from '../../parts/protocol-names.ts';
import { TargetField } from './target-field.tsx';
import type { TokenWish } from './use-issue-token.ts';
import { ttlSeconds } from './validity.ts';
import { ValidityField } from './validity-field.tsx';

export interface TokenFormProps {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly onWish: (wish: TokenWish) => void;
}

/** How long a token is to live, and what it is narrowed to. */
export function TokenForm({ busy, problem, onWish }: TokenFormProps): ReactNode {
  const [minutes, setMinutes] = useState<number | string>(480);
  const [protocols, setProtocols] = useState<OpenProtocol[]>([]);
  const [target, setTarget] = useState<string | null>(null);
  const seconds = ttlSeconds(minutes);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (seconds === null) return;
        const only = protocols.length === 0 ? {} : { protocols };
        onWish({ ttlSeconds: seconds, ...only, ...(target === null ? {} : { target }) });
      }}
    >
      <Stack gap="md">
        <ValidityField minutes={minutes} onChange={setMinutes} />
        <Checkbox.Group
          label="Only for some protocols"
          description="None ticked: it is good for all of them."
          value={protocols}
          onChange={(chosen) => setProtocols(openProtocols.filter((one) => chosen.includes(one)))}
        >
          <Group gap="lg" mt="xs">
            {openProtocols.map((one) => (
              <Checkbox key={one} value={one} label={protocolName(one)} />
            ))}
          </Group>
        </Checkbox.Group>
        <TargetField target={target} onChange={setTarget} />
        {problem === null ? null : (
          <Alert color="red" variant="light" role="alert" title="No token was made">
            {problem}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={seconds === null}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
