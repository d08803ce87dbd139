import { graphql, type ResultOf, type VariablesOf } from '../../graphql/graphql.ts';

export const SessionsQuery = graphql(`
  query Sessions($filter: SessionFilter, $after: String) {
    sessions(filter: $filter, order: NEWEST, first: 50, after: $after) {
      edges {
        node {
          id
          user {
            id
            name
          }
          account {
            id
            name
          }
          target {
            id
            name
          }
          protocol
          source
          startedAt
          endedAt
          endReason
          bytesReceived
          recording {
            duty
            chunks
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type SessionRow = ResultOf<typeof SessionsQuery>['sessions']['edges'][number]['node'];

export type SessionFilter = NonNullable<VariablesOf<typeof SessionsQuery>['filter']>;
