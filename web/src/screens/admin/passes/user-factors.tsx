import { Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ask } from '../../../http/own.ts';
import { useOwn } from '../../../http/use-own.ts';
import { type Factor, factorKinds } from '../../../parts/factors.ts';
import { Moment } from '../../../parts/moment.tsx';
import { Loading } from '../../../parts/states.tsx';
import { NotGot } from '../../security/part.tsx';
import { FactorChange } from './factor-change.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** The second factors of a person, for who helps them when one is lost. */
export function UserFactors({ user }: { readonly user: string }): ReactNode {
  const query = new URLSearchParams({ user }).toString();
  const { value, problem, again } = useOwn<{ readonly factors: readonly Factor[] }>(`/auth/factors?${query}`);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const factors = value?.factors ?? [];
  const left = factors.find(({ kind }) => kind === 'recovery')?.left ?? 0;
  return (
    <Stack gap="sm" align="flex-start">
      {value === null ? (
        problem === null ? (
          <Loading what="the factors" />
        ) : (
          <NotGot problem={problem} again={again} />
        )
      ) : factors.length === 0 ? (
        <Text size="sm">None: a password, or the login at a provider, is all that {user} is asked for.</Text>
      ) : (
        <FactorTable user={user} factors={factors} again={again} />
      )}
      {codes === null ? null : <RecoveryCodes user={user} codes={codes} onKept={() => setCodes(null)} />}
      {value === null ? null : (
        <FactorChange<{ readonly codes: readonly string[] }>
          label="Make recovery codes"
          title={`Make recovery codes for ${user}?`}
          act={(freshFactor) => ask('POST', '/auth/factors/recovery-codes', { user, freshFactor })}
          onDone={(made) => {
            setCodes(made.codes);
            again();
          }}
        >
          Ten codes are shown this once, to you: each lets {user} in once in place of a second factor, beside the
          password. {left === 0 ? '' : `The ${String(left)} that are left from before stop counting.`} Give them to
          nobody else.
        </FactorChange>
      )}
    </Stack>
  );
}

interface FactorTableProps {
  readonly user: string;
  readonly factors: readonly Factor[];
  readonly again: () => void;
}

function FactorTable({ user, factors, again }: FactorTableProps): ReactNode {
  return (
    <Table verticalSpacing="xs" aria-label={`Second factors of ${user}`}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Factor</Table.Th>
          <Table.Th visibleFrom="sm">Since</Table.Th>
          <Table.Th>Last used</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {factors.map((factor) => (
          <Table.Tr key={factor.factorId}>
            <Table.Td>
              <Text fw={600} component="span">
                {nameOf(factor)}
              </Text>
              <Text size="sm" c="dimmed">
                {factor.left === null ? factorKinds[factor.kind] : `${String(factor.left)} left`}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Moment at={factor.enrolledAt} />
            </Table.Td>
            <Table.Td>{factor.lastUsedAt === null ? 'never' : <Moment at={factor.lastUsedAt} />}</Table.Td>
            <Table.Td>
              <Group justify="flex-end">
                <FactorChange
                  label="Remove"
                  what={`the factor ${nameOf(factor)}`}
                  title="Remove this factor?"
                  act={(freshFactor) => ask('DELETE', pathOf(factor, freshFactor), null)}
                  onDone={again}
                >
                  {nameOf(factor)} lets {user} in no more, and what proved it is destroyed.{' '}
                  {factors.length === 1
                    ? `It is the only one: from then on ${user} is asked for no second factor, unless the policy wants one; then nobody logs in as ${user} before there is another.`
                    : factors.length === 2
                      ? 'One other stays.'
                      : `${String(factors.length - 1)} others stay.`}{' '}
                  Logins, tokens and sessions that are open stay open: end them below.
                </FactorChange>
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function nameOf({ kind, label }: Factor): string {
  return kind === 'recovery' || label === '' ? factorKinds[kind] : label;
}

function pathOf({ factorId }: Factor, freshFactor: string | null): string {
  const query = freshFactor === null ? '' : `?${new URLSearchParams({ freshFactor }).toString()}`;
  return `/auth/factors/${factorId}${query}`;
}
