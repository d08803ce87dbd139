import { Alert, List, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Loading } from '../../../parts/states.tsx';
import { DiffView } from '../../admin/diff-view.tsx';
import { diffLines } from '../../admin/document/diff-lines.ts';
import type { ResourceDocument } from '../../admin/document/document.ts';
import { yamlText } from '../../admin/document/yaml-text.ts';
import type { Change } from '../../admin/use-apply.ts';
import { AccountPlans } from './account-plans.tsx';
import type { AccountPlan } from './documents.ts';
import { type KeyDraft, usernameOf } from './draft.ts';
import type { Problem } from './placed-problems.ts';
import { ProblemList } from './problem-list.tsx';
import type { ReviewState } from './use-review.ts';

export interface ReviewTabProps {
  readonly draft: KeyDraft;
  readonly review: ReviewState;
  readonly onPlans: (plans: readonly AccountPlan[]) => void;
  readonly onGo: (problem: Problem) => void;
}

/** Everything that saving does, before it does it. */
export function ReviewTab({ draft, review, onPlans, onGo }: ReviewTabProps): ReactNode {
  const { plans, checked, problems } = review;
  return (
    <Stack gap="lg" maw={820}>
      {problems.length === 0 ? null : <ProblemList problems={problems} onGo={onGo} />}
      {plans.length === 0 ? (
        <Alert color="yellow" variant="light" title="No devices are selected">
          The key is registered, but no session can be started with it until an account on a device uses it.
        </Alert>
      ) : (
        <AccountPlans username={usernameOf(draft)} plans={plans} onChange={onPlans} />
      )}
      {checked === null ? (
        problems.length === 0 ? (
          <Loading what="what saving would do" />
        ) : null
      ) : (
        <Stack gap="md">
          <Title order={2} size="h4">
            What is saved
          </Title>
          {checked.changes.map((change) => (
            <ChangeView key={`${change.kind} ${change.name}`} change={change} />
          ))}
          <Text size="sm" c="dimmed">
            {draft.source === 'made'
              ? 'The key pair is made when you save; the private key stays in custody.'
              : 'The private key and its password go into custody; they are never shown again.'}{' '}
            People may use it once an entitlement gives them these accounts.
          </Text>
          {checked.warnings.length === 0 ? null : (
            <Alert color="yellow" variant="light" title="To be known before">
              <List size="sm">
                {checked.warnings.map((warning) => (
                  <List.Item key={warning}>{warning}</List.Item>
                ))}
              </List>
            </Alert>
          )}
        </Stack>
      )}
    </Stack>
  );
}

const sentences: Readonly<Record<string, string>> = {
  created: 'is created',
  changed: 'is changed',
  unchanged: 'stays as it is',
};

/** Of a new account everything stands above already: its device, its name and its login. */
function ChangeView({ change }: { readonly change: Change }): ReactNode {
  const before = change.before === null ? '' : yamlText(change.before as ResourceDocument);
  const after = yamlText(change.after as ResourceDocument);
  return (
    <Stack gap={6}>
      <Text size="sm">
        {change.kind} <strong>{change.name}</strong> {sentences[change.change] ?? change.change}
      </Text>
      {change.kind === 'Account' && change.before === null ? null : (
        <DiffView lines={diffLines(before, after)} label={`${change.kind} ${change.name}`} />
      )}
    </Stack>
  );
}
