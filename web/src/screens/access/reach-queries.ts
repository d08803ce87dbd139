import { graphql, type ResultOf } from '../../graphql/graphql.ts';

const Entry = graphql(`
  fragment AccessEntry on ReachEntry @_unmask {
    id
    target
    account
    protocol
    login
    allowed
    reason
    advice
    asks
    recording
    browser
    labels
    favourite
    lastUsedAt
  }
`);

/** One account of one target, as the list shows it. */
export type AccessEntry = ResultOf<typeof Entry>;

/** What may be reached, in the order of names; searched, filtered and paged by the server. */
export const ReachList = graphql(
  `
    query ReachList($search: String!, $filter: ReachFilter!, $after: String) {
      viewer {
        id
        reach(search: $search, filter: $filter, first: 50, after: $after) {
          edges {
            node {
              ...AccessEntry
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,
  [Entry],
);

/** What was used last, the newest first. */
export const RecentList = graphql(
  `
    query RecentList($after: String) {
      viewer {
        id
        recent(first: 50, after: $after) {
          edges {
            node {
              ...AccessEntry
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,
  [Entry],
);

/** One of them, with the lines that lead there. */
export const ReachOne = graphql(
  `
    query ReachOne($account: ID!) {
      viewer {
        id
        reach(filter: { account: $account }, first: 1) {
          edges {
            node {
              ...AccessEntry
              connect {
                client
                title
                kind
                text
                fileName
                hint
              }
            }
          }
        }
      }
    }
  `,
  [Entry],
);

export type ConnectEntry = ResultOf<typeof ReachOne>['viewer']['reach']['edges'][number]['node'];
export type ConnectWay = ConnectEntry['connect'][number];

export const SetFavourite = graphql(
  `
    mutation SetFavourite($input: SetFavouriteInput!) {
      setFavourite(input: $input) {
        entry {
          ...AccessEntry
        }
        errors {
          code
          message
        }
      }
    }
  `,
  [Entry],
);
