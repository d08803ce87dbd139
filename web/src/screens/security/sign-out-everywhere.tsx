import type { ReactNode } from 'react';
import { toLogin } from '../../app/login.ts';
import { graphql } from '../../graphql/graphql.ts';
import { useCommand } from '../../graphql/use-command.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';

const SignOut = graphql(`
  mutation SignOutEverywhere($input: SignOutEverywhereInput!) {
    signOutEverywhere(input: $input) {
      errors {
        code
        message
      }
    }
  }
`);

/** Ends every login, token and key at once, for when something was lost or seen by others. */
export function SignOutEverywhere(): ReactNode {
  const run = useCommand(SignOut, toLogin);
  return (
    <ConfirmButton
      label="Sign out everywhere"
      title="Sign out everywhere?"
      act={() => run({ input: { exceptThis: false } })}
    >
      Every login of yours ends, this one too; your tokens and own keys are revoked, and sessions that were opened with
      them end.
    </ConfirmButton>
  );
}
