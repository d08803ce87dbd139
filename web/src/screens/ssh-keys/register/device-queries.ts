import { graphql } from '../../../graphql/graphql.ts';

/** Devices are targets that speak SSH. */
export const DevicesQuery = graphql(`
  query Devices($search: String, $after: String, $first: Int!) {
    targets(search: $search, protocol: ssh, first: $first, after: $after) {
      edges {
        node {
          id
          name
          host
          port
          trusted
          disabled
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
