import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';

export interface ConfirmButtonProps {
  /** On the button, and on the one that confirms: `Revoke`. */
  readonly label: string;
  /** Which of several this is, for who hears the button. */
  readonly what?: string;
  readonly title: string;
  /** What will be. */
  readonly children: ReactNode;
  /** Does it; gives why it was refused, or null when it is done. */
  readonly act: () => Promise<string | null>;
}

/** A button for what can't be taken back: it asks first, and says why it did not work. */
export function ConfirmButton({ label, what, title, children, act }: ConfirmButtonProps): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    const refusal = await act();
    setBusy(false);
    setProblem(refusal);
    if (refusal === null) close();
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={open} aria-label={what === undefined ? label : `${label} ${what}`}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={title} centered onExitTransitionEnd={() => setProblem(null)}>
        <Stack gap="md">
          <Text size="sm" component="div">
            {children}
          </Text>
          {problem === null ? null : (
            <Alert color="red" variant="light" role="alert">
              {problem}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Cancel
            </Button>
            <Button color="red.8" loading={busy} onClick={() => void confirm()}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
