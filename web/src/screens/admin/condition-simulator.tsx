import { Alert, Button, Code, Group, JsonInput, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useClient } from 'urql';
import { graphql, type ResultOf } from '../../graphql/graphql.ts';
import { problemOf } from '../../graphql/problem.ts';
import { NameInput } from './name-input.tsx';

const ClaimsQuery = graphql(`
  query ClaimsOf($user: String!) {
    claimsOf(user: $user)
  }
`);

const Simulate = graphql(`
  query Simulate($input: SimulateConditionInput!) {
    simulateCondition(input: $input) {
      result
      output
      error
      cost
      mostCost
    }
  }
`);

type Simulated = ResultOf<typeof Simulate>['simulateCondition'];

/** Tries an expression on the claims of a person at a moment; nothing is changed by it. */
export function ConditionSimulator({ expression }: { readonly expression: string }): ReactNode {
  const client = useClient();
  const [text, setText] = useState(expression);
  const [user, setUser] = useState('');
  const [time, setTime] = useState('');
  const [claims, setClaims] = useState('{}');
  const [problem, setProblem] = useState<string | null>(null);
  const [simulated, setSimulated] = useState<Simulated | null>(null);
  const load = async (): Promise<void> => {
    const { data, error } = await client.query(ClaimsQuery, { user }, { requestPolicy: 'network-only' });
    const found = data?.claimsOf ?? null;
    if (found === null) {
      setProblem(error === undefined ? `There is no person called ${user}.` : problemOf(error).message);
      return;
    }
    setProblem(null);
    setClaims(JSON.stringify(found, null, 2));
  };
  const simulate = async (): Promise<void> => {
    const given = parsed(claims);
    if (given === undefined) {
      setProblem('The claims are no JSON.');
      return;
    }
    const input = { expression: text, claims: given, ...(time === '' ? {} : { time: new Date(time).toISOString() }) };
    const { data, error } = await client.query(Simulate, { input }, { requestPolicy: 'network-only' });
    setProblem(error === undefined ? null : problemOf(error).message);
    setSimulated(data?.simulateCondition ?? null);
  };
  return (
    <Stack maw={860} gap="md">
      <ExpressionInput text={text} onChange={setText} />
      <Group align="flex-end">
        <NameInput of="User" label="Person" required={false} disabled={false} value={user} onChange={setUser} />
        <Button variant="default" disabled={user === ''} onClick={() => void load()}>
          Take their claims
        </Button>
        <TextInput
          type="datetime-local"
          label="At (your time; empty: now)"
          value={time}
          onChange={(event) => setTime(event.currentTarget.value)}
        />
        <Button onClick={() => void simulate()}>Try it</Button>
      </Group>
      <div aria-live="polite">
        {problem === null ? null : (
          <Alert color="red" variant="light" role="alert">
            {problem}
          </Alert>
        )}
        {problem !== null || simulated === null ? null : <Result simulated={simulated} />}
      </div>
      <JsonInput
        label="Claims"
        description="What is known of the person and their login; change them to try others."
        autosize
        minRows={6}
        maxRows={20}
        value={claims}
        onChange={setClaims}
        spellCheck={false}
      />
    </Stack>
  );
}

function ExpressionInput({
  text,
  onChange,
}: {
  readonly text: string;
  readonly onChange: (text: string) => void;
}): ReactNode {
  return (
    <Textarea
      autosize
      maxRows={8}
      label="Expression"
      description="To try out: what you change here is not saved."
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      value={text}
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Result({ simulated }: { readonly simulated: Simulated }): ReactNode {
  const { result, output, error, cost, mostCost } = simulated;
  return (
    <Alert color={result ? 'teal' : 'orange'} variant="light" title={result ? 'It holds' : 'It does not hold'}>
      {error === null ? (
        <Text size="sm">
          It comes to <Code>{JSON.stringify(output)}</Code>.
        </Text>
      ) : (
        <Text size="sm">It gives no answer, which is a no: {error}</Text>
      )}
      {cost === null ? null : (
        <Text size="sm">
          It takes at most {cost} of the {mostCost} steps that an expression may take.
        </Text>
      )}
    </Alert>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
