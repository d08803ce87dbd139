import { Alert, Badge, Button, Checkbox, Code, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { graphql, type ResultOf } from '../../graphql/graphql.ts';
import { problemOf, refusalText } from '../../graphql/problem.ts';

const Scan = graphql(`
  mutation Scan($input: ScanTargetInput!) {
    scanTarget(input: $input) {
      keys(first: 10) {
        edges {
          node {
            line
            fingerprint
            authorityFingerprint
            problem
            trusted
          }
        }
      }
      certificate {
        sha256
        subject
        issuer
        validFrom
        validTo
        names
        problem
        trusted
      }
      error
      errors {
        code
        message
      }
    }
  }
`);

type Scanned = ResultOf<typeof Scan>['scanTarget'];

export interface TargetIdentityProps {
  readonly name: string;
  readonly trusted: boolean;
  readonly onConfirmed: () => void;
}

/** Asks a target who it is, shows it beside what is known, and trusts what somebody has compared. */
export function TargetIdentity({ name, trusted, onConfirmed }: TargetIdentityProps): ReactNode {
  const [{ fetching }, run] = useMutation(Scan);
  const [scanned, setScanned] = useState<Scanned | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const scan = async (confirm: readonly string[]): Promise<void> => {
    const wish = { target: name, ...(confirm.length === 0 ? {} : { confirm: [...confirm] }) };
    const { data, error } = await run({ input: wish });
    const refusal = error === undefined ? refusalText(data?.scanTarget.errors ?? []) : problemOf(error).message;
    setProblem(refusal);
    setScanned(refusal === null ? (data?.scanTarget ?? null) : null);
    setChosen([]);
    if (refusal === null && confirm.length > 0) onConfirmed();
  };
  const choose = (fingerprint: string, on: boolean): void =>
    setChosen(on ? [...chosen, fingerprint] : chosen.filter((each) => each !== fingerprint));
  return (
    <Stack maw={860} gap="md">
      {trusted ? null : (
        <Alert color="orange" variant="light" title="Nobody has confirmed who this target is">
          It opens no session until you have compared its keys or certificate with what its owner says, and confirmed
          them here.
        </Alert>
      )}
      <Group>
        <Button variant={trusted ? 'default' : 'filled'} loading={fetching} onClick={() => void scan([])}>
          Scan
        </Button>
        <Text size="sm" c="dimmed">
          Asks it without logging in. On the command line: <Code>{`sallyport target scan ${name}`}</Code>
        </Text>
      </Group>
      {problem === null ? null : (
        <Alert color="red" variant="light" role="alert" title="It could not be scanned">
          {problem}
        </Alert>
      )}
      {scanned === null ? null : (
        <Stack gap="md" aria-live="polite">
          {scanned.error === null ? null : (
            <Alert color="red" variant="light" role="alert" title="It did not answer as it should">
              {scanned.error}
            </Alert>
          )}
          <Offers scanned={scanned} chosen={chosen} choose={choose} />
          {chosen.length === 0 ? null : (
            <Group>
              <Button loading={fetching} onClick={() => void scan(chosen)}>
                I have compared them: confirm {chosen.length}
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Stack>
  );
}

interface OffersProps {
  readonly scanned: Scanned;
  readonly chosen: readonly string[];
  readonly choose: (fingerprint: string, on: boolean) => void;
}

function Offers({ scanned, chosen, choose }: OffersProps): ReactNode {
  const { certificate } = scanned;
  const offer = (fingerprint: string, label: string): ReactNode => (
    <Checkbox
      label={label}
      checked={chosen.includes(fingerprint)}
      onChange={(event) => choose(fingerprint, event.currentTarget.checked)}
    />
  );
  return (
    <>
      {scanned.keys.edges.map(({ node }) => (
        <Stack key={node.line} gap={4}>
          <Group gap="sm">
            <Text fw={600}>{node.line.split(' ')[0]}</Text>
            <State trusted={node.trusted} />
          </Group>
          <Code block>{node.fingerprint}</Code>
          {node.trusted ? null : offer(node.fingerprint, `Trust the key ${node.fingerprint}`)}
          {node.authorityFingerprint === null ? null : (
            <>
              <Text size="sm">Its host certificate was signed by the CA {node.authorityFingerprint}.</Text>
              {node.problem === null ? null : (
                <Text size="sm">That certificate would not be taken: {node.problem}</Text>
              )}
              {node.trusted ? null : offer(node.authorityFingerprint, `Trust the CA ${node.authorityFingerprint}`)}
            </>
          )}
        </Stack>
      ))}
      {certificate === null ? null : (
        <Stack gap={4}>
          <Group gap="sm">
            <Text fw={600}>Certificate of {certificate.subject}</Text>
            <State trusted={certificate.trusted} />
          </Group>
          <Code block>
            {`SHA-256  ${certificate.sha256}\nissuer   ${certificate.issuer}\nnames    ${certificate.names}\nvalid    ${certificate.validFrom} to ${certificate.validTo}`}
          </Code>
          {certificate.problem === null ? null : <Text size="sm">Not trusted: {certificate.problem}</Text>}
          {certificate.trusted ? null : offer(certificate.sha256, 'Trust this certificate alone')}
        </Stack>
      )}
    </>
  );
}

function State({ trusted }: { readonly trusted: boolean }): ReactNode {
  return (
    <Badge color={trusted ? 'teal' : 'orange'} variant="light" tt="none">
      {trusted ? 'Known' : 'New'}
    </Badge>
  );
}
