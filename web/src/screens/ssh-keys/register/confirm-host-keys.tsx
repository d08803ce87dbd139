import { Alert, Button, Checkbox, Code, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../../../graphql/graphql.ts';
import { problemOf, refusalText } from '../../../graphql/problem.ts';

const Scan = graphql(`
  mutation ScanDevice($input: ScanTargetInput!) {
    scanTarget(input: $input) {
      keys(first: 6) {
        edges {
          node {
            fingerprint
            line
          }
        }
      }
      confirmed
      error
      errors {
        code
        message
      }
    }
  }
`);

interface ShownKey {
  readonly fingerprint: string;
  readonly algorithm: string;
}

/** Asks a device for its host keys, and trusts those that the person has compared. */
export function ConfirmHostKeys({
  target,
  onDone,
}: {
  readonly target: string;
  readonly onDone: () => void;
}): ReactNode {
  const [{ fetching }, scan] = useMutation(Scan);
  const [keys, setKeys] = useState<readonly ShownKey[]>([]);
  const [compared, setCompared] = useState<string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const ask = async (confirm: readonly string[]): Promise<void> => {
    const { data, error } = await scan({
      input: { target, ...(confirm.length === 0 ? {} : { confirm: [...confirm] }) },
    });
    const answer = data?.scanTarget;
    const refused = error === undefined ? refusalText(answer?.errors ?? []) : problemOf(error).message;
    const said = refused ?? answer?.error ?? null;
    setProblem(said);
    setKeys(answer?.keys.edges.map(({ node }) => shown(node)) ?? []);
    if (said === null && confirm.length > 0) onDone();
  };
  return (
    <Stack gap="md">
      <Text size="sm">
        The device is registered. Nothing opens there before one of its host keys is confirmed: fetch them, and compare
        them with what the device itself says (<Code>ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</Code>).
      </Text>
      {problem === null ? null : (
        <Alert color="red" variant="light" role="alert" title="The host keys could not be fetched">
          {problem}
        </Alert>
      )}
      {keys.length === 0 ? null : (
        <Checkbox.Group label="Host keys that I have compared" value={compared} onChange={setCompared}>
          <Stack gap={8} mt={8}>
            {keys.map(({ fingerprint, algorithm }) => (
              <Checkbox key={fingerprint} value={fingerprint} label={`${algorithm} ${fingerprint}`} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Later
        </Button>
        {keys.length === 0 ? (
          <Button loading={fetching} onClick={() => void ask([])} data-autofocus>
            Fetch host keys
          </Button>
        ) : (
          <Button loading={fetching} disabled={compared.length === 0} onClick={() => void ask(compared)}>
            Confirm
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function shown({ fingerprint, line }: { readonly fingerprint: string; readonly line: string }): ShownKey {
  return { fingerprint, algorithm: line.split(' ')[0] ?? '' };
}
