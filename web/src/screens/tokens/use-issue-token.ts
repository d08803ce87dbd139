import { useState } from 'react';
import { useMutation } from 'urql';
import { problemOf, refusalText } from '../../graphql/problem.ts';
import { graphql, type ResultOf, type VariablesOf } from '../../graphql/graphql.ts';

const Issue = graphql(`
  mutation IssueToken($input: IssueTemporaryTokenInput!) {
    issueTemporaryToken(input: $input) {
      token {
        id
        expiresAt
        protocols
        target {
          id
          name
        }
      }
      secret
      errors {
        code
        message
      }
    }
  }
`);

export type TokenWish = VariablesOf<typeof Issue>['input'];
type Token = NonNullable<ResultOf<typeof Issue>['issueTemporaryToken']['token']>;

/** `factor`: the policy asks for a second factor first, `wish` is what it is for. `tooMany`: one has to be revoked first. */
export type Making =
  | { readonly at: 'form'; readonly problem: string | null; readonly tooMany: boolean }
  | { readonly at: 'factor'; readonly wish: TokenWish }
  | { readonly at: 'made'; readonly token: Token; readonly secret: string };

export interface IssueToken {
  readonly making: Making;
  readonly busy: boolean;
  readonly issue: (wish: TokenWish) => Promise<void>;
  readonly toForm: () => void;
}

const empty: Making = { at: 'form', problem: null, tooMany: false };

/** Makes one temporary token. Its secret is in the memory of this component alone, and goes with it. */
export function useIssueToken(onMade: () => void): IssueToken {
  const [{ fetching }, run] = useMutation(Issue);
  const [making, setMaking] = useState<Making>(empty);
  const issue = async (wish: TokenWish): Promise<void> => {
    const { data, error } = await run({ input: wish });
    if (data === undefined) {
      const problem = error === undefined ? 'There was no answer. Try again.' : problemOf(error).message;
      setMaking({ at: 'form', problem, tooMany: false });
      return;
    }
    const { token, secret, errors } = data.issueTemporaryToken;
    const has = (code: string): boolean => errors.some((one) => one.code === code);
    if (token !== null && secret !== null) {
      setMaking({ at: 'made', token, secret });
      onMade();
    } else if (has('fresh-factor-needed') && wish.freshFactor === undefined) setMaking({ at: 'factor', wish });
    else setMaking({ at: 'form', problem: refusalText(errors), tooMany: has('too-many-tokens') });
  };
  return { making, busy: fetching, issue, toForm: () => setMaking(empty) };
}
