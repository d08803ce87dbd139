import { Alert, Button, Checkbox, Group, Paper, Stack, Text } from '@mantine/core';
import { type SyntheticEvent, type ReactNode, useState } from 'react';
import { FreshFactor } from '../factor/fresh-factor.tsx';
import { TokenList } from '../tokens/token-list.tsx';
import { TokenSecret } from '../tokens/token-secret.tsx';
import { useIssueToken } from '../tokens/use-issue-token.ts';
import { type OwnToken, useOwnTokens } from '../tokens/use-own-tokens.ts';
import { ttlSeconds } from '../tokens/validity.ts';
import { ValidityField } from '../tokens/validity-field.tsx';
import type { AccessEntry } from './reach-queries.ts';

/** The password of every own client is a temporary token: makes one on the spot. */
export function PasswordPart({ entry }: { readonly entry: AccessEntry }): ReactNode {
  const [{ data }, again] = useOwnTokens();
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  const { making, busy, issue, toForm } = useIssueToken(refresh);
  const [minutes, setMinutes] = useState<number | string>(480);
  const [narrow, setNarrow] = useState(false);
  const seconds = ttlSeconds(minutes);
  const tokens = data?.viewer.tokens.edges.map(({ node }) => node) ?? [];
  const good = tokens.filter((token) => opens(token, entry)).length;
  if (making.at === 'factor') {
    return (
      <Paper withBorder p="sm">
        <FreshFactor
          purpose="pass"
          onShown={(freshFactor) => void issue({ ...making.wish, freshFactor })}
          onCancel={toForm}
        />
      </Paper>
    );
  }
  if (making.at === 'made') return <TokenSecret secret={making.secret} expiresAt={making.token.expiresAt} />;
  return (
    <Paper
      withBorder
      p="sm"
      component="form"
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault();
        if (seconds === null) return;
        void issue({ ttlSeconds: seconds, ...(narrow ? { target: entry.target } : {}) });
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          The password is a temporary token.
          {good === 0
            ? ''
            : ` You have ${good === 1 ? 'one' : String(good)} that ${good === 1 ? 'opens' : 'open'} this; a token is shown only when it is made.`}
        </Text>
        <ValidityField minutes={minutes} onChange={setMinutes} />
        <Group justify="space-between">
          <Checkbox
            label={`Only for ${entry.target}`}
            checked={narrow}
            onChange={(event) => setNarrow(event.currentTarget.checked)}
          />
          <Button type="submit" size="sm" loading={busy} disabled={seconds === null}>
            Make a token
          </Button>
        </Group>
        {making.problem === null ? null : (
          <Alert color="red" variant="light" role="alert" title="No token was made">
            {making.problem}
          </Alert>
        )}
        {making.tooMany ? <TokenList tokens={tokens} onRevoked={refresh} /> : null}
      </Stack>
    </Paper>
  );
}

function opens({ protocols, target }: OwnToken, entry: AccessEntry): boolean {
  const over = protocols === null || protocols.some((one) => one === entry.protocol);
  return over && (target === null || target.name === entry.target);
}
