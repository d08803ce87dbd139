import { useClient } from 'urql';
import { graphql, type ResultOf } from '../../graphql/graphql.ts';
import { problemOf } from '../../graphql/problem.ts';
import type { DocumentError } from './document/error-places.ts';

const Apply = graphql(`
  mutation Apply($input: ApplyResourcesInput!) {
    applyResources(input: $input) {
      results {
        kind
        name
        change
        before
        after
      }
      warnings
      errors {
        message
        line
      }
    }
  }
`);

export interface ApplyWish {
  /** YAML. */
  readonly documents: string;
  readonly setSecrets: boolean;
}

export type Change = ResultOf<typeof Apply>['applyResources']['results'][number];

export interface Applied {
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
  /** With any, nothing was done. */
  readonly errors: readonly DocumentError[];
}

/** Applies documents, or says what that would do. The client is asked itself: a hook would keep the secrets in them. */
export function useApply(): (wish: ApplyWish, dryRun: boolean) => Promise<Applied> {
  const client = useClient();
  return async (wish, dryRun) => {
    const { data, error } = await client.mutation(Apply, { input: { ...wish, dryRun } }).toPromise();
    if (data === undefined) {
      const message = error === undefined ? 'The server gave no answer. Try again.' : problemOf(error).message;
      return { changes: [], warnings: [], errors: [{ message, line: null }] };
    }
    const { results, warnings, errors } = data.applyResources;
    return { changes: results, warnings, errors };
  };
}
