import { Button, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useOwn } from '../../http/use-own.ts';
import { type Factor, factorKinds } from '../../parts/factors.ts';
import { Moment } from '../../parts/moment.tsx';
import { Loading } from '../../parts/states.tsx';
import { NotGot, Part } from './part.tsx';

/** The second factors of the person; the account page, which works without scripts, enrols and removes them. */
export function FactorsPart(): ReactNode {
  const { value, problem, again } = useOwn<{ readonly factors: readonly Factor[] }>('/auth/factors');
  return (
    <Part
      title="Second factors"
      about="Asked for after your password, or after the login at your provider."
      action={
        <Button component="a" href="/auth/account#factors" variant="default" size="xs">
          Add or remove
        </Button>
      }
    >
      {value === null ? (
        problem === null ? (
          <Loading what="your factors" />
        ) : (
          <NotGot problem={problem} again={again} />
        )
      ) : value.factors.length === 0 ? (
        <Text size="sm">
          You have none: whoever learns your password is you. Add an authenticator app or a security key.
        </Text>
      ) : (
        <Table verticalSpacing="xs" aria-label="Your second factors">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Factor</Table.Th>
              <Table.Th visibleFrom="sm">Since</Table.Th>
              <Table.Th>Last used</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {value.factors.map((factor) => (
              <FactorRow key={factor.factorId} factor={factor} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  );
}

function FactorRow({ factor: { kind, label, enrolledAt, lastUsedAt, left } }: { readonly factor: Factor }): ReactNode {
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600} component="span">
          {label === '' ? factorKinds[kind] : label}
        </Text>
        <Text size="sm" c="dimmed">
          {label === '' ? '' : factorKinds[kind]}
          {left === null ? '' : ` ${String(left)} left`}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Moment at={enrolledAt} />
      </Table.Td>
      <Table.Td>{lastUsedAt === null ? 'never' : <Moment at={lastUsedAt} />}</Table.Td>
    </Table.Tr>
  );
}
