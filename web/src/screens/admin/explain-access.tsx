import { Alert, Badge, Button, Group, List, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useClient } from 'urql';
import { graphql, type ResultOf } from '../../graphql/graphql.ts';
import { problemOf } from '../../graphql/problem.ts';
import { NameInput } from './name-input.tsx';

const Explain = graphql(`
  query Explain($user: String!, $target: String!) {
    explainAccess(user: $user, target: $target) {
      allowed
      account
      candidates
      entitlement
      reason
      detail
      entitlements
    }
  }
`);

type Explained = NonNullable<ResultOf<typeof Explain>['explainAccess']>;

interface Held {
  readonly id: string;
  readonly name: string;
  readonly holds?: boolean;
  readonly error?: string | null;
}
interface Considered {
  readonly id: string;
  readonly name: string;
  readonly policies: readonly Held[];
  readonly conditions: readonly Held[];
}

/** Whether a person would reach a target now, and by or against what. */
export function ExplainAccess(): ReactNode {
  const client = useClient();
  const [user, setUser] = useState('');
  const [target, setTarget] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [explained, setExplained] = useState<Explained | null>(null);
  const ask = async (): Promise<void> => {
    const { data, error } = await client.query(Explain, { user, target }, { requestPolicy: 'network-only' });
    const found = data?.explainAccess ?? null;
    setExplained(found);
    if (error !== undefined) setProblem(problemOf(error).message);
    else setProblem(found === null ? `There is no person called ${user}.` : null);
  };
  return (
    <Stack maw={860} gap="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <Group align="flex-end">
          <NameInput of="User" label="Person" required={false} disabled={false} value={user} onChange={setUser} />
          <NameInput of="Target" label="Target" required={false} disabled={false} value={target} onChange={setTarget} />
          <Button type="submit" disabled={user === '' || target === ''}>
            Explain
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {problem === null ? null : (
          <Alert color="red" variant="light" role="alert">
            {problem}
          </Alert>
        )}
        {problem !== null || explained === null ? null : <Answer explained={explained} />}
      </div>
    </Stack>
  );
}

function Answer({ explained }: { readonly explained: Explained }): ReactNode {
  const { allowed, account, entitlement, reason, detail, candidates } = explained;
  const considered = explained.entitlements as readonly Considered[];
  return (
    <Stack gap="md">
      <Alert
        color={allowed ? 'teal' : 'orange'}
        variant="light"
        title={allowed ? `A session would open${account === null ? '' : ` as ${account}`}` : 'No session would open'}
      >
        {entitlement === null ? null : <Text size="sm">By the entitlement {entitlement}.</Text>}
        {reason === null ? null : <Text size="sm">{reason}</Text>}
        {detail === null ? null : <Text size="sm">{detail}</Text>}
        {candidates.length === 0 ? null : <Text size="sm">Accounts to choose from: {candidates.join(', ')}</Text>}
      </Alert>
      {considered.length === 0 ? (
        <Text c="dimmed">No entitlement names this target.</Text>
      ) : (
        considered.map((each) => (
          <Stack key={each.id} gap={4}>
            <Text fw={600}>Entitlement {each.name}</Text>
            <HeldList what="Policy" held={each.policies} />
            <HeldList what="Condition" held={each.conditions} />
          </Stack>
        ))
      )}
    </Stack>
  );
}

function HeldList({ what, held }: { readonly what: string; readonly held: readonly Held[] }): ReactNode {
  return held.length === 0 ? (
    <Text size="sm" c="dimmed">
      No {what.toLowerCase()}.
    </Text>
  ) : (
    <List size="sm" spacing={4}>
      {held.map(({ id, name, holds, error }) => (
        <List.Item key={id}>
          {what} {name}{' '}
          <Badge color={holds === true ? 'teal' : 'orange'} variant="light" tt="none" size="sm">
            {holds === true ? 'holds' : 'does not hold'}
          </Badge>
          {error === undefined || error === null ? null : ` ${error}`}
        </List.Item>
      ))}
    </List>
  );
}
