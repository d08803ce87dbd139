import { graphql, type ResultOf } from '../../graphql/graphql.ts';

export const OwnSessions = graphql(`
  query OwnSessions($filter: SessionFilter!, $after: String) {
    sessions(filter: $filter, order: NEWEST, first: 50, after: $after) {
      edges {
        node {
          id
          target {
            id
            name
          }
          account {
            id
            name
          }
          protocol
          source
          client
          startedAt
          endedAt
          endReason
          endMessage
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

export type OwnSession = ResultOf<typeof OwnSessions>['sessions']['edges'][number]['node'];
