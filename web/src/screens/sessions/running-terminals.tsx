import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../../graphql/graphql.ts';
import { useRefresh } from '../../graphql/use-refresh.ts';
import { EndSession } from '../../parts/end-session.tsx';
import { Moment } from '../../parts/moment.tsx';

const RunningQuery = graphql(`
  query RunningTerminals {
    viewer {
      id
      terminals(first: 20) {
        edges {
          node {
            session
            target
            account
            openedAt
            attached
          }
        }
      }
    }
  }
`);

type Running = ResultOf<typeof RunningQuery>['viewer']['terminals']['edges'][number]['node'];

/** Own terminals in the browser that still run, wherever they were opened, to go on with or to end. None: nothing. */
export function RunningTerminals({ onEnded }: { readonly onEnded: () => void }): ReactNode {
  const heading = useId();
  const [{ data }, again] = useQuery({ query: RunningQuery, requestPolicy: 'cache-and-network' });
  useRefresh(again);
  const running = data?.viewer.terminals.edges.map(({ node }) => node) ?? [];
  const ended = (): void => {
    again({ requestPolicy: 'network-only' });
    onEnded();
  };
  if (running.length === 0) return null;
  return (
    <Paper component="section" withBorder p="sm" mb="md" aria-labelledby={heading}>
      <Title order={2} size="sm" id={heading}>
        {running.length === 1 ? 'A terminal of yours runs' : `${String(running.length)} terminals of yours run`}
      </Title>
      <Stack component="ul" gap="xs" mt="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {running.map((terminal) => (
          <TerminalLine key={terminal.session} terminal={terminal} onEnded={ended} />
        ))}
      </Stack>
    </Paper>
  );
}

function TerminalLine({ terminal, onEnded }: { readonly terminal: Running; readonly onEnded: () => void }): ReactNode {
  const { session, target, account, openedAt, attached } = terminal;
  const path = `/ui/terminal/${encodeURIComponent(target)}/${encodeURIComponent(account)}?session=${session}`;
  const which = `the terminal of ${account} on ${target}, opened ${openedAt}`;
  return (
    <Group component="li" justify="space-between" gap="xs">
      <Group gap="xs" flex={1} miw={200}>
        <Text span>
          <Text span fw={600}>
            {target}
          </Text>{' '}
          as {account}
        </Text>
        <Badge color={attached ? 'gate' : 'orange'} variant="light" tt="none">
          {attached ? 'On a page' : 'Waits for you'}
        </Badge>
        <Text span size="sm" c="dimmed">
          opened <Moment at={openedAt} />
        </Text>
      </Group>
      <Group gap="xs" wrap="nowrap">
        <Button component="a" href={path} target="_blank" rel="noopener" size="xs" aria-label={`Continue ${which}`}>
          Continue
        </Button>
        <EndSession id={session} what={which} title="End this terminal?" onEnded={onEnded}>
          {account} on {target}: what runs there is cut off.
        </EndSession>
      </Group>
    </Group>
  );
}
