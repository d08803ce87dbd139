import { Button, Divider, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { FreshFactor } from '../factor/fresh-factor.tsx';
import { TokenForm } from './token-form.tsx';
import { TokenList } from './token-list.tsx';
import { TokenSecret } from './token-secret.tsx';
import { useIssueToken } from './use-issue-token.ts';
import { useOwnTokens } from './use-own-tokens.ts';

/** Makes a temporary token: how long, what for, and then the token, this once. */
export function TokenDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <Modal opened onClose={onClose} title="Temporary token" size="lg" closeOnClickOutside={false}>
      <Making onClose={onClose} />
    </Modal>
  );
}

function Making({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [{ data }, again] = useOwnTokens();
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  const { making, busy, issue, toForm } = useIssueToken(refresh);
  const tokens = data?.viewer.tokens.edges.map(({ node }) => node) ?? [];
  if (making.at === 'factor') {
    return (
      <FreshFactor
        purpose="pass"
        onShown={(freshFactor) => void issue({ ...making.wish, freshFactor })}
        onCancel={toForm}
      />
    );
  }
  if (making.at === 'made') {
    return (
      <Stack gap="md">
        <TokenSecret secret={making.secret} expiresAt={making.token.expiresAt} />
        <Group justify="space-between">
          <Text size="sm" component={Link} href="/my/tokens" c="var(--mantine-color-anchor)">
            All your tokens
          </Text>
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        The password for your own clients, such as PuTTY, OpenSSH, psql or DBeaver. It is yours alone and ends by
        itself, after 8 hours at the latest.
      </Text>
      <TokenForm busy={busy} problem={making.problem} onWish={(wish) => void issue(wish)} />
      {making.tooMany ? (
        <>
          <Divider label="Your live tokens" />
          <TokenList tokens={tokens} onRevoked={refresh} />
        </>
      ) : tokens.length === 0 ? null : (
        <Text size="sm" c="dimmed">
          {tokens.length === 1 ? 'One token of yours lives' : `${String(tokens.length)} tokens of yours live`} already,
          of ten at the most.
        </Text>
      )}
    </Stack>
  );
}
