import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { FactorsPart } from './factors-part.tsx';
import { KeysPart } from './keys-part.tsx';
import { LoginsPart } from './logins-part.tsx';
import { SignOutEverywhere } from './sign-out-everywhere.tsx';

/** What opens something in the name of the person: logins, factors and keys. */
export function Security(): ReactNode {
  return (
    <>
      <ScreenHead title="Security" about="What proves who you are, and what is open in your name.">
        <SignOutEverywhere />
      </ScreenHead>
      <Stack gap="xl">
        <LoginsPart />
        <FactorsPart />
        <KeysPart />
      </Stack>
    </>
  );
}
