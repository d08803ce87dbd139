import type { ReactNode } from 'react';
import { useMutation } from 'urql';
import { toLogin } from '../../app/login.ts';
import { graphql } from '../../graphql/graphql.ts';
import { problemOf, refusalText } from '../../graphql/problem.ts';
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
  const [, run] = useMutation(SignOut);
  const act = async (): Promise<string | null> => {
    const { data, error } = await run({ input: { exceptThis: false } });
    if (error !== undefined) return problemOf(error).message;
    const refusal = refusalText(data?.signOutEverywhere.errors ?? []);
    if (refusal === null) toLogin();
    return refusal;
  };
  return (
    <ConfirmButton label="Sign out everywhere" title="Sign out everywhere?" act={act}>
      Every login of yours ends, this one too; your tokens and own keys are revoked, and sessions that were opened with
      them end.
    </ConfirmButton>
  );
}
