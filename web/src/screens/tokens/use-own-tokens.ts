import { type UseQueryResponse, useQuery } from 'urql';
import { graphql, type ResultOf } from '../../graphql/graphql.ts';

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

export type OwnToken = ResultOf<typeof OwnTokens>['viewer']['tokens']['edges'][number]['node'];

/** The live tokens of the person: ten at the most. */
export function useOwnTokens(): UseQueryResponse<ResultOf<typeof OwnTokens>> {
  return useQuery({ query: OwnTokens });
}
