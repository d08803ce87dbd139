import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

export interface PartProps {
  readonly title: string;
  readonly about: ReactNode;
  readonly children: ReactNode;
  /** Right in its head. */
  readonly action?: ReactNode;
}

/** One part of a screen, with its own heading. */
export function Part({ title, about, action, children }: PartProps): ReactNode {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" mb="xs">
        <Stack gap={0} flex={1} miw={220}>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          <Text size="sm" c="dimmed" component="div" maw={640}>
            {about}
          </Text>
        </Stack>
        {action}
      </Group>
      {children}
    </section>
  );
}

/** What could not be got, and another try. */
export function NotGot({ problem, again }: { readonly problem: string; readonly again: () => void }): ReactNode {
  return (
    <Alert color="red" variant="light" role="alert">
      <Stack gap="xs" align="flex-start">
        {problem}
        <Button size="xs" variant="default" onClick={again}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}
