import { Alert, Anchor, Button, Checkbox, Code, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { newPassword } from './passwords.ts';

export interface PasswordPartProps {
  /** Null: the key has none. */
  readonly password: string | null;
  /** What the text of the private key says; null: nothing. */
  readonly encrypted: boolean | null;
  readonly error?: string | undefined;
  readonly onChange: (password: string | null) => void;
  /** A new pair is made instead. */
  readonly onMake: () => void;
}

/** The password that the file of the private key is encrypted with. */
export function PasswordPart({ password, encrypted, error, onChange, onMake }: PasswordPartProps): ReactNode {
  const [visible, setVisible] = useState(false);
  const [drawn, setDrawn] = useState<string | null>(null);
  const draw = (): void => {
    const fresh = newPassword();
    setDrawn(fresh);
    setVisible(true);
    onChange(fresh);
  };
  return (
    <Stack gap="xs">
      <Checkbox
        label="Set current password"
        description="For a private key that is protected by a password."
        checked={password !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? '' : null)}
      />
      {encrypted === true && password === null ? (
        <Text size="sm" role="status" c="var(--mantine-color-error)">
          This private key is encrypted: set its current password.
        </Text>
      ) : null}
      {password === null ? null : (
        <>
          <Group align="flex-end" gap="xs" wrap="wrap">
            <PasswordInput
              id="field-password"
              label="Password of the key"
              flex={1}
              miw={220}
              autoComplete="new-password"
              value={password}
              error={error}
              onChange={(event) => onChange(event.currentTarget.value)}
              visible={visible}
              onVisibilityChange={setVisible}
              visibilityToggleButtonProps={{
                'aria-label': visible ? 'Hide the password' : 'Show the password',
                tabIndex: 0,
              }}
            />
            <Button variant="default" onClick={draw}>
              Generate
            </Button>
            {password === '' ? null : <CopyButton text={password} what="the password" size="sm" />}
          </Group>
          {encrypted === false || (drawn !== null && drawn === password) ? (
            <NotEncryptedYet drawn={drawn === password} encrypted={encrypted} onMake={onMake} />
          ) : null}
        </>
      )}
    </Stack>
  );
}

interface NotEncryptedYetProps {
  readonly drawn: boolean;
  readonly encrypted: boolean | null;
  readonly onMake: () => void;
}

/** A password opens only the file that was encrypted with it: what is typed here changes no file. */
function NotEncryptedYet({ drawn, encrypted, onMake }: NotEncryptedYetProps): ReactNode {
  return (
    <Alert
      color="yellow"
      variant="light"
      role="status"
      title={encrypted === false ? 'The private key above has no password' : 'The private key has another password'}
    >
      <Stack gap={6}>
        <Text size="sm">
          {drawn ? 'This password is new: ' : ''}it counts once the file is encrypted with it. Copy it, run{' '}
          <Code>ssh-keygen -p -m PEM -f id_rsa</Code>, give it as the new passphrase, and paste the file again.
        </Text>
        <Text size="sm">
          Or{' '}
          <Anchor component="button" type="button" fz="sm" inherit underline="always" onClick={onMake}>
            make a new key pair here
          </Anchor>
          , which stays in custody and needs no password.
        </Text>
      </Stack>
    </Alert>
  );
}
