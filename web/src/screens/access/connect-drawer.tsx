import { Alert, Badge, Box, Button, Drawer, Group, Stack, Tabs, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { protocolName } from '../../parts/protocol-names.ts';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useUrlText } from '../../parts/url-state.ts';
import { clientTabs } from './client-tabs.ts';
import { ConnectWayBox } from './connect-way.tsx';
import { PasswordPart } from './password-part.tsx';
import { type ConnectEntry, ReachOne } from './reach-queries.ts';

export interface ConnectDrawerProps {
  readonly accountId: string;
  readonly onClose: () => void;
}

/** Every way to one account: the terminal in the browser, and the exact lines for own clients. */
export function ConnectDrawer({ accountId, onClose }: ConnectDrawerProps): ReactNode {
  const [{ data, error }, again] = useQuery({ query: ReachOne, variables: { account: accountId } });
  const entry = data?.viewer.reach.edges[0]?.node;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={entry === undefined ? 'Connect' : `${entry.account} on ${entry.target}`}
    >
      {entry !== undefined ? (
        <Ways entry={entry} />
      ) : error !== undefined ? (
        <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />
      ) : data === undefined ? (
        <Loading what="the ways there" />
      ) : (
        <Empty
          title="You can not reach this"
          next="It does not exist, or no entitlement of yours leads there. Ask an administrator for it by its name."
          cli="sallyport ls"
        />
      )}
    </Drawer>
  );
}

function Ways({ entry }: { readonly entry: ConnectEntry }): ReactNode {
  const [client, setClient] = useUrlText('client', { keepsPage: true });
  const own = clientTabs(entry.connect);
  const ids = [...(entry.browser ? ['browser'] : []), ...own.map(({ id }) => id)];
  const shown = ids.includes(client) ? client : (ids[0] ?? '');
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Badge variant="default" tt="none">
          {protocolName(entry.protocol)}
        </Badge>
        {entry.recording === null || entry.recording === 'off' ? null : (
          <Badge color="red" variant="light" tt="none">
            Recorded
          </Badge>
        )}
      </Group>
      {entry.allowed ? null : <Obstacle entry={entry} />}
      {ids.length === 0 ? (
        <Text>The door for {protocolName(entry.protocol)} is shut in this installation. Ask an administrator.</Text>
      ) : (
        <Tabs value={shown} onChange={(next) => setClient(next ?? '')} keepMounted={false}>
          <Tabs.List mb="md" aria-label="With which client">
            {entry.browser ? <Tabs.Tab value="browser">Browser</Tabs.Tab> : null}
            {own.map(({ id, title }) => (
              <Tabs.Tab key={id} value={id}>
                {title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {/* One for all clients: a token that was made stays while the tab is changed. */}
          {own.length === 0 ? null : (
            <Box mb="lg" display={shown === 'browser' ? 'none' : undefined}>
              <PasswordPart entry={entry} />
            </Box>
          )}
          {entry.browser ? (
            <Tabs.Panel value="browser">
              <InBrowser entry={entry} />
            </Tabs.Panel>
          ) : null}
          {own.map(({ id, ways }) => (
            <Tabs.Panel key={id} value={id}>
              <Stack gap="lg">
                {ways.map((way) => (
                  <ConnectWayBox key={way.client} way={way} />
                ))}
              </Stack>
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Stack>
  );
}

/** Why it is not open, and what can be done. */
function Obstacle({ entry: { reason, advice, asks } }: { readonly entry: ConnectEntry }): ReactNode {
  return (
    <Alert
      color={asks === null ? 'yellow' : 'gate'}
      variant="light"
      title={asks === null ? 'Not open to you now' : 'You will be asked for a reason'}
    >
      <Text size="sm">{reason}</Text>
      {advice === null ? null : (
        <Text size="sm" fw={600} mt={4}>
          {advice}
        </Text>
      )}
    </Alert>
  );
}

function InBrowser({ entry: { target, account, allowed, asks } }: { readonly entry: ConnectEntry }): ReactNode {
  const path = `/ui/terminal/${encodeURIComponent(target)}/${encodeURIComponent(account)}`;
  if (!allowed && asks === null)
    return <Text c="dimmed">A terminal opens here when nothing stands against it any more.</Text>;
  return (
    <Stack gap="sm" align="flex-start">
      <Button component="a" href={path} target="_blank" rel="noopener" data-autofocus>
        Open a terminal
      </Button>
      <Text size="sm" c="dimmed">
        In a new tab, without a client or a password.
        {asks === null ? '' : ` You are asked for a reason: ${asks}`}
      </Text>
    </Stack>
  );
}
