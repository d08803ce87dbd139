import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { goesOn, type LinkState } from './link-state.ts';

export interface StandingProps {
  readonly state: LinkState;
  /** Connects again, now. */
  readonly again: () => void;
  /** The person has read the notices. */
  readonly read: () => void;
}

/** What the person has to know about the connection, read out when it changes. */
export function Standing({ state, again, read }: StandingProps): ReactNode {
  return (
    <div role="status" aria-label="Connection">
      <Connection state={state} again={again} />
      <Missing missing={state.missing} read={read} />
      {state.notices.length === 0 ? null : (
        <Alert color="blue" radius={0} p="xs" withCloseButton closeButtonLabel="Close the notice" onClose={read}>
          {state.notices.map((notice) => (
            <Text size="sm" key={notice}>
              {notice}
            </Text>
          ))}
        </Alert>
      )}
    </div>
  );
}

function Connection({ state, again }: Omit<StandingProps, 'read'>): ReactNode {
  if (state.phase === 'lost') {
    return (
      <Alert color="orange" radius={0} p="xs" title={<Head text="Connection lost, trying again" />}>
        <Group justify="space-between">
          <Text size="sm">
            {state.session === null
              ? 'The server does not answer.'
              : 'The session runs on and waits for this page. What you typed last may not have arrived.'}
          </Text>
          <Button size="compact-sm" variant="default" onClick={again}>
            Try now
          </Button>
        </Group>
      </Alert>
    );
  }
  if (state.end === null) return null;
  const on = goesOn(state.end);
  return (
    <Alert color={on ? 'orange' : 'gray'} radius={0} p="xs" title={<Head text={titleOf(state)} />}>
      <Group justify="space-between" align="flex-end">
        <Stack gap={2}>
          {state.exit === null ? null : <Text size="sm">{state.exit}</Text>}
          <Text size="sm">{sentence(state.end.message)}</Text>
        </Stack>
        <Group gap="xs">
          <Button size="compact-sm" onClick={again}>
            Connect again
          </Button>
          <Button size="compact-sm" variant="default" component={Link} href="/">
            My access
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}

/** The colour of an alert is too pale for its words (WCAG 2.2, 1.4.3). */
function Head({ text }: { readonly text: string }): ReactNode {
  return (
    <Text span inherit c="var(--mantine-color-text)">
      {text}
    </Text>
  );
}

function titleOf({ end, session }: LinkState): string {
  if (end !== null && goesOn(end)) return 'This page has the terminal no more';
  return session === null ? 'No session was opened' : 'The session has ended';
}

function Missing({ missing, read }: Pick<LinkState, 'missing'> & Pick<StandingProps, 'read'>): ReactNode {
  if (missing === null) return null;
  return (
    <Alert color="yellow" radius={0} p="xs" withCloseButton closeButtonLabel="Close the notice" onClose={read}>
      <Text size="sm">
        {missing === 'older'
          ? 'Older output of this session is not shown here.'
          : 'Some output came while the connection was lost, and is not shown here.'}
      </Text>
    </Alert>
  );
}

/** Messages of the server begin small and end without a full stop, as on a terminal. */
function sentence(message: string): string {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
