import { Anchor, Button, Code, CopyButton, Drawer, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { momentText } from '../../parts/moment-text.ts';
import { sessionOf } from './event-texts.ts';
import type { EventRow } from './events-query.ts';

/** The whole of an event, as it is stored. */
export function EventDetail({
  event,
  onClose,
}: {
  readonly event: EventRow | null;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Drawer opened={event !== null} onClose={onClose} position="right" size="lg" title={event?.type ?? ''}>
      {event === null ? null : <Content event={event} />}
    </Drawer>
  );
}

function Content({ event }: { readonly event: EventRow }): ReactNode {
  const session = sessionOf(event);
  // Without what only our client knows.
  const text = JSON.stringify(event, (key, value: unknown) => (key === '__typename' ? undefined : value), 2);
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {momentText(event.metadata.at)} · {event.stream} · version {event.streamVersion}
      </Text>
      <Group gap="sm">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy the JSON'}
            </Button>
          )}
        </CopyButton>
        {session === null ? null : (
          <Anchor component={Link} href={`/sessions/${session}`} size="sm">
            To the session
          </Anchor>
        )}
      </Group>
      <Code block tabIndex={0}>
        {text}
      </Code>
    </Stack>
  );
}
