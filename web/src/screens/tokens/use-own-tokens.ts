import { type UseQueryResponse, useMutation, useQuery } from 'urql';
import { graphql, type ResultOf } from '../../graphql/graphql.ts';
import { problemOf, refusalText } from '../../graphql/problem.ts';

const OwnTokens = graphql(`
  query OwnTokens {
    viewer {
      id
      tokens(first: 10) {
        edges {
          node {
            id
            issuedAt
            expiresAt
            protocols
            target {
              id
              name
            }
            uses
            lastUsedAt
            lastUsedFrom
            liveSessions(first: 10) {
              edges {
                node {
                  id
                  target {
                    id
                    name
                  }
                }
              }
            }
          }
        }
      }
    }
  }
`);

const Revoke = graphql(`
  mutation RevokeToken($input: RevokeTokenInput!) {
    revokeToken(input: $input) {
      id
      errors {
        code
        message
      }
    }
  }
`);

export type OwnToken = ResultOf<typeof OwnTokens>['viewer']['tokens']['edges'][number]['node'];

/** The live tokens of the person: ten at the most. */
export function useOwnTokens(): UseQueryResponse<ResultOf<typeof OwnTokens>> {
  return useQuery({ query: OwnTokens });
}

/** Revokes one; gives why not, or null. */
export function useRevokeToken(): (id: string) => Promise<string | null> {
  const [, run] = useMutation(Revoke);
  return async (id) => {
    const { data, error } = await run({ input: { id } });
    if (error !== undefined) return problemOf(error).message;
    return refusalText(data?.revokeToken.errors ?? []);
  };
}
