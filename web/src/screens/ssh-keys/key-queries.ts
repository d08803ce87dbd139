import { graphql } from '../../graphql/graphql.ts';

export const OwnKeysQuery = graphql(`
  query OwnSshKeys($search: String!, $after: String) {
    viewer {
      id
      sshKeys(search: $search, first: 20, after: $after) {
        edges {
          node {
            id
            name
            labels
            username
            owner
            status
            publicKey
            devices(first: 4) {
              edges {
                node {
                  id
                  target
                }
              }
              pageInfo {
                hasNextPage
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const AllKeysQuery = graphql(`
  query AllSshKeys($search: String!, $after: String) {
    resources(kind: SshKey, search: $search, first: 50, after: $after) {
      edges {
        node {
          id
          document
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const KeyAccessQuery = graphql(`
  query SshKeyAccess($name: String!, $search: String!, $after: String) {
    viewer {
      id
      sshKeys(name: $name, first: 1) {
        edges {
          node {
            id
            name
            username
            status
            publicKey
            mainTargetId
            devices(search: $search, first: 50, after: $after) {
              edges {
                node {
                  id
                  target
                  targetId
                  account
                  allowed
                  reason
                  advice
                  asks
                  lastUsedAt
                }
              }
              pageInfo {
                hasNextPage
                endCursor
              }
            }
          }
        }
      }
    }
  }
`);
