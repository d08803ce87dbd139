import { Alert, Badge, Button, Center, Code, Group, Loader, Stack, Text, Title } from '@mantine/core';
import type { CombinedError } from '@urql/core';
import type { ReactNode } from 'react';
import type { Freshness } from '../graphql/follow.ts';
import { problemOf } from '../graphql/problem.ts';

/** Something is on its way. */
export function Loading({ what }: { readonly what: string }): ReactNode {
  return (
    <Center p="xl" role="status">
      <Group gap="sm">
        <Loader size="sm" aria-hidden />
        <Text c="dimmed">Loading {what} …</Text>
      </Group>
    </Center>
  );
}

export interface EmptyProps {
  readonly title: string;
  /** What to do next, here or somewhere else. */
  readonly next: ReactNode;
  /** The same on the command line. */
  readonly cli?: string;
}

/** There is nothing, which is no error: says what to do next. */
export function Empty({ title, next, cli }: EmptyProps): ReactNode {
  return (
    <Stack align="center" gap="xs" p="xl" ta="center">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text c="dimmed" maw={560} component="div">
        {next}
      </Text>
      {cli === undefined ? null : (
        <Text c="dimmed" size="sm">
          On the command line: <Code>{cli}</Code>
        </Text>
      )}
    </Stack>
  );
}

/** It did not work: what happened, and what to do. Who lacks a right is told whom to ask. */
export function Failure({ error, retry }: { readonly error: CombinedError; readonly retry: () => void }): ReactNode {
  const problem = problemOf(error);
  if (problem.kind === 'denied') return <NoRight message={problem.message} />;
  return (
    <Alert color="red" variant="light" title="This could not be loaded" role="alert" m="md">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{problem.message}</Text>
        <Button size="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}

/** There is no answer yet: it is on its way, or it did not work. */
export function Pending({
  what,
  error,
  retry,
}: {
  readonly what: string;
  readonly error: CombinedError | undefined;
  readonly retry: () => void;
}): ReactNode {
  return error === undefined ? <Loading what={what} /> : <Failure error={error} retry={retry} />;
}

/** The person is logged in and may not see this. */
export function NoRight({ message }: { readonly message: string }): ReactNode {
  return (
    <Alert color="yellow" variant="light" title="You have no right to see this" role="alert" m="md">
      <Text size="sm">{message}</Text>
      <Text size="sm">Ask an administrator of this installation for a role that permits it.</Text>
    </Alert>
  );
}

const freshnessTexts: Readonly<Record<Freshness, readonly [text: string, color: string, title: string]>> = {
  connecting: ['Connecting', 'gray', 'Changes are not shown yet.'],
  live: ['Live', 'teal', 'Changes are shown as they happen.'],
  stale: ['Out of date', 'orange', 'The connection is lost; it is being made anew. Nothing will be missing.'],
  ended: ['Ended', 'red', 'The server shows no more changes: your login or a right has ended. Load the page again.'],
};

/** Whether what is shown is what is. */
export function FreshnessBadge({ freshness }: { readonly freshness: Freshness }): ReactNode {
  const [text, color, title] = freshnessTexts[freshness];
  return (
    <Badge color={color} variant="light" title={title} role="status" tt="none">
      {text}
    </Badge>
  );
}
