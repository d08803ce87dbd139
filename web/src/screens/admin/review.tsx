import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { DiffView } from './diff-view.tsx';
import { diffLines } from './document/diff-lines.ts';
import type { ResourceDocument } from './document/document.ts';
import { yamlText } from './document/yaml-text.ts';
import { type Applied, type ApplyWish, type Change, useApply } from './use-apply.ts';

export interface ReviewProps {
  /** What a dry run said of `wish`; null: nothing is reviewed. */
  readonly reviewed: { readonly wish: ApplyWish; readonly dryRun: Applied } | null;
  /** What stood when the changes began, as YAML; null: nothing did, or that is not known. */
  readonly began: string | null;
  readonly onClose: () => void;
  readonly onApplied: (changes: readonly Change[]) => void;
}

/** Shows what an apply would change, and does it when that is confirmed. */
export function Review({ reviewed, began, onClose, onApplied }: ReviewProps): ReactNode {
  return (
    <Modal opened={reviewed !== null} onClose={onClose} title="What this would change" size="xl">
      {reviewed === null ? null : (
        <Reviewed key={reviewed.wish.documents} {...reviewed} began={began} onClose={onClose} onApplied={onApplied} />
      )}
    </Modal>
  );
}

type ReviewedProps = NonNullable<ReviewProps['reviewed']> & Omit<ReviewProps, 'reviewed'>;

function Reviewed({ wish, dryRun, began, onClose, onApplied }: ReviewedProps): ReactNode {
  const apply = useApply();
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const { changes, warnings } = dryRun;
  const changesNothing = changes.every(({ change }) => change === 'unchanged');
  const isOther = began !== null && changes.some(({ before }) => before === null || textOfJson(before) !== began);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    const { errors, changes: done } = await apply(wish, false);
    setBusy(false);
    setProblems(errors.map(({ message }) => message));
    if (errors.length === 0) onApplied(done);
  };
  return (
    <Stack gap="md">
      {isOther ? (
        <Alert color="orange" variant="light" title="It was changed meanwhile">
          Somebody changed or deleted this after you opened it. Applying puts your version in its place: compare what
          goes below, or close this and load the page again.
        </Alert>
      ) : null}
      {changes.map((change) => (
        <ChangeView key={`${change.kind} ${change.name}`} change={change} setSecrets={wish.setSecrets} />
      ))}
      {warnings.length === 0 ? null : (
        <Alert color="yellow" variant="light" title="To be known before">
          <List size="sm">
            {warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {problems.length === 0 ? null : (
        <Alert color="red" variant="light" role="alert" title="Nothing was changed">
          {problems.join('\n')}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {changesNothing ? 'Close' : 'Go on editing'}
        </Button>
        {changesNothing ? null : (
          <Button loading={busy} onClick={() => void confirm()} data-autofocus>
            Apply
          </Button>
        )}
      </Group>
    </Stack>
  );
}

const sentences: Readonly<Record<string, string>> = {
  created: 'is created.',
  changed: 'is changed.',
  unchanged: 'stays as it is: nothing would change.',
};

function ChangeView({ change, setSecrets }: { readonly change: Change; readonly setSecrets: boolean }): ReactNode {
  const before = change.before === null ? '' : textOfJson(change.before);
  const after = textOfJson(change.after);
  return (
    <Stack gap={6}>
      <Text>
        {change.kind} <strong>{change.name}</strong> {sentences[change.change] ?? change.change}
      </Text>
      {change.change !== 'unchanged' && setSecrets ? (
        <Text size="sm">The write-only values that you gave are put in custody in place of what is there.</Text>
      ) : null}
      {before === after ? null : (
        <DiffView lines={diffLines(before, after)} label={`Changes of ${change.kind} ${change.name}`} />
      )}
    </Stack>
  );
}

function textOfJson(document: unknown): string {
  return yamlText(document as ResourceDocument);
}
