import { graphql, type ResultOf, type VariablesOf } from '../../graphql/graphql.ts';

export const EventsQuery = graphql(`
  query EventsNewestFirst($filter: EventFilter, $after: String) {
    events(filter: $filter, order: NEWEST, first: 50, after: $after) {
      edges {
        node {
          id
          position
          stream
          streamVersion
          type
          schemaVersion
          data
          metadata {
            at
            actor
            correlationId
            causationId
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

export type EventRow = ResultOf<typeof EventsQuery>['events']['edges'][number]['node'];

export type EventFilter = NonNullable<VariablesOf<typeof EventsQuery>['filter']>;
