import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

export interface ScreenHeadProps {
  readonly title: string;
  readonly about?: ReactNode;
  /** Right in the head: what can be done here. */
  readonly children?: ReactNode;
}

/** The heading of a screen, which names the browser's tab too. */
export function ScreenHead({ title, about, children }: ScreenHeadProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Sallyport`;
  }, [title]);
  return (
    <Group justify="space-between" align="flex-start" mb="md">
      <Stack gap={2}>
        <Title order={1} size="h2">
          {title}
        </Title>
        {about === undefined ? null : (
          <Text c="dimmed" maw={720} component="div">
            {about}
          </Text>
        )}
      </Stack>
      {children === undefined ? null : <Group gap="sm">{children}</Group>}
    </Group>
  );
}
