import { Checkbox, Fieldset, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AccountPlan } from './documents.ts';

export interface AccountPlansProps {
  readonly username: string;
  readonly plans: readonly AccountPlan[];
  readonly onChange: (plans: readonly AccountPlan[]) => void;
}

/** The account on each device that logs in with the key. */
export function AccountPlans({ username, plans, onChange }: AccountPlansProps): ReactNode {
  const change = (device: string, altered: Partial<AccountPlan>): void =>
    onChange(plans.map((plan) => (plan.device === device ? { ...plan, ...altered } : plan)));
  return (
    <Fieldset legend={`Accounts that log in as ${username === '' ? '…' : username} with this key`}>
      <Stack gap="md">
        {plans.map((plan) =>
          plan.standing === null ? (
            <TextInput
              key={plan.device}
              label={`Account on ${plan.device}`}
              description="Is created; this is its name."
              value={plan.name}
              onChange={(event) => change(plan.device, { name: event.currentTarget.value })}
            />
          ) : (
            <Stack key={plan.device} gap={4}>
              <Checkbox
                label={`Account ${plan.name} on ${plan.device} logs in with this key from now on`}
                checked={plan.uses}
                onChange={(event) => change(plan.device, { uses: event.currentTarget.checked })}
              />
              <Text size="sm" c="dimmed">
                This login stands there already. Everybody who uses the account logs in with the new key then; without
                the tick it stays as it is, and no session is started there with this key.
              </Text>
            </Stack>
          ),
        )}
      </Stack>
    </Fieldset>
  );
}
