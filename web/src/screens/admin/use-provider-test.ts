import { useState } from 'react';
import { useClient } from 'urql';
import { graphql, type ResultOf } from '../../graphql/graphql.ts';
import { problemOf } from '../../graphql/problem.ts';
import type { DocumentError } from './document/error-places.ts';

const Test = graphql(`
  mutation TestProvider($input: TestProviderInput!) {
    testProvider(input: $input) {
      results {
        check
        state
        message
        mend
      }
      errors {
        message
        line
      }
    }
  }
`);

export type ProviderFinding = ResultOf<typeof Test>['testProvider']['results'][number];

export interface ProviderTest {
  readonly asking: boolean;
  /** Null: it was not tested yet. */
  readonly tested: { readonly document: string; readonly findings: readonly ProviderFinding[] } | null;
  readonly run: (document: string) => Promise<void>;
}

/** Asks the provider of a document what stands against a login by it; `onErrors` hears why it was not asked at all. */
export function useProviderTest(onErrors: (errors: readonly DocumentError[]) => void): ProviderTest {
  const client = useClient();
  const [asking, setAsking] = useState(false);
  const [tested, setTested] = useState<ProviderTest['tested']>(null);
  return {
    asking,
    tested,
    run: async (document) => {
      setTested(null);
      setAsking(true);
      // The client itself: a hook would keep the secrets in the document.
      const { data, error } = await client.mutation(Test, { input: { document } }).toPromise();
      setAsking(false);
      if (data === undefined) {
        const message = error === undefined ? 'The server gave no answer. Try again.' : problemOf(error).message;
        onErrors([{ message, line: null }]);
        return;
      }
      const { results, errors } = data.testProvider;
      onErrors(errors);
      if (errors.length === 0) setTested({ document, findings: results });
    },
  };
}
