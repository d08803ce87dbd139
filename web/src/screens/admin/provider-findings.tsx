import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { identityProviderForm } from './kinds/identity-provider.ts';
import type { ProviderFinding, ProviderTest } from './use-provider-test.ts';

export interface ProviderFindingsProps {
  readonly test: ProviderTest;
  /** As it stands in the form now. */
  readonly document: string;
}

const states = {
  OK: { text: 'Right', color: 'teal' },
  WARNING: { text: 'Look at it', color: 'yellow' },
  PROBLEM: { text: 'Wrong', color: 'red' },
} as const;

/** What a test of a provider found, one line for each thing that was looked at, and what to do. */
export function ProviderFindings({ test: { tested, asking }, document }: ProviderFindingsProps): ReactNode {
  const heading = useId();
  const head = useRef<HTMLHeadingElement>(null);
  // It stands below a long form.
  useEffect(() => {
    if (tested === null) return;
    head.current?.focus();
    head.current?.scrollIntoView({ block: 'center' });
  }, [tested]);
  return (
    <div aria-live="polite">
      {asking ? <Text mt="lg">The provider is asked; that takes up to half a minute …</Text> : null}
      {tested === null ? null : (
        <Paper component="section" withBorder p="md" mt="lg" maw={860} aria-labelledby={heading}>
          <Title order={2} size="h5" id={heading} ref={head} tabIndex={-1} style={{ outline: 'none' }}>
            {headline(tested.findings)}
          </Title>
          <Text size="sm" c="dimmed">
            {tested.document === document
              ? 'It was asked as a login would ask it, from this installation. Nobody was logged in, and nothing was changed.'
              : 'The settings were changed since: test again.'}
          </Text>
          <Stack component="ul" gap="sm" mt="md" p={0} style={{ listStyle: 'none' }}>
            {tested.findings.map((finding, index) => (
              <FindingLine key={`${String(index)} ${finding.check}`} finding={finding} />
            ))}
          </Stack>
        </Paper>
      )}
    </div>
  );
}

function FindingLine({ finding: { check, state, message, mend } }: { readonly finding: ProviderFinding }): ReactNode {
  const { text, color } = states[state];
  return (
    <Group component="li" gap="sm" align="flex-start" wrap="nowrap">
      <Badge color={color} variant="light" tt="none" w={92} mt={2} flex="none">
        {text}
      </Badge>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        <Text span inherit fw={600}>
          {check}
        </Text>{' '}
        {message}
        {mend === null ? null : (
          <Text inherit mt={2}>
            → {inWordsOfTheForm(mend)}
          </Text>
        )}
      </Text>
    </Group>
  );
}

const labels = new Map(
  identityProviderForm.sections.flatMap(({ fields }) => fields.map(({ path, label }) => [path.join('.'), label])),
);

/** `spec.userBase` is called “People below” there. */
function inWordsOfTheForm(mend: string): string {
  return mend.replaceAll(/\bspec\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g, (whole, path: string) => {
    const label = labels.get(path);
    return label === undefined ? whole : `“${label}” (${whole})`;
  });
}

function headline(findings: readonly ProviderFinding[]): string {
  const count = (state: ProviderFinding['state']): number => findings.filter((each) => each.state === state).length;
  const [problems, warnings] = [count('PROBLEM'), count('WARNING')];
  if (problems > 0) return problems === 1 ? 'One thing is wrong' : `${String(problems)} things are wrong`;
  return warnings === 0 ? 'All is right' : 'It works; some things are worth a look';
}
