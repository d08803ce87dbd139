import { Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { KeyTable } from './key-table.tsx';
import { LoginTable } from './login-table.tsx';
import { ResetLink } from './reset-link.tsx';
import { UserFactors } from './user-factors.tsx';
import { TokenTable } from './token-table.tsx';

/** Everything by which a person is in at the moment. */
export function UserPasses({ user }: { readonly user: string }): ReactNode {
  return (
    <Stack gap="xl">
      <section>
        <Title order={2} size="h4" mb="xs">
          Second factors
        </Title>
        <UserFactors user={user} />
      </section>
      <section>
        <Title order={2} size="h4" mb="xs">
          Logins
        </Title>
        <LoginTable user={user} />
      </section>
      <section>
        <Title order={2} size="h4" mb="xs">
          Temporary tokens
        </Title>
        <TokenTable user={user} />
      </section>
      <section>
        <Title order={2} size="h4" mb="xs">
          Keys
        </Title>
        <KeyTable user={user} />
      </section>
      <section>
        <Title order={2} size="h4" mb="xs">
          Password
        </Title>
        <ResetLink user={user} />
      </section>
    </Stack>
  );
}
