import { useCallback } from 'react';
import { type Client, useClient } from 'urql';
import { graphql } from '../../../graphql/graphql.ts';
import type { ResourceDocument } from '../../admin/document/document.ts';
import { type AccountPlan, accountName } from './documents.ts';

const AccountsOfDevice = graphql(`
  query AccountsOfDevice($device: String!) {
    resource(kind: Target, name: $device) {
      referrers(first: 100) {
        edges {
          node {
            id
            kind
            name
          }
        }
      }
    }
  }
`);
const Logins = graphql(`
  query AccountLogins($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ... on Account {
        name
      }
    }
  }
`);
const AccountDocument = graphql(`
  query AccountDocument($name: String!) {
    resource(kind: Account, name: $name) {
      document
    }
  }
`);

/** Says for each device whether an account of this login stands there, and how a new one would be called. */
export function useAccountPlans(): (
  key: string,
  username: string,
  devices: readonly string[],
) => Promise<readonly AccountPlan[]> {
  const client = useClient();
  return useCallback(
    (key, username, devices) =>
      Promise.all(
        devices.map(async (device) => {
          const standing = await accountOn(client, device, username);
          const name = standing?.metadata.name ?? accountName(key, device);
          return { device, name, standing, uses: true };
        }),
      ),
    [client],
  );
}

const fresh = { requestPolicy: 'network-only' } as const;

/** A login stands once on a device. What can't be found out, the dry run says. */
async function accountOn(client: Client, device: string, username: string): Promise<ResourceDocument | null> {
  const { data } = await client.query(AccountsOfDevice, { device }, fresh).toPromise();
  const accounts =
    data?.resource?.referrers.edges.map(({ node }) => node).filter(({ kind }) => kind === 'Account') ?? [];
  if (accounts.length === 0) return null;
  const logins = await client.query(Logins, { ids: accounts.map(({ id }) => id) }, fresh).toPromise();
  const found = logins.data?.nodes.find((node) => node !== null && 'name' in node && node.name === username);
  const name = accounts.find(({ id }) => id === found?.id)?.name;
  if (name === undefined) return null;
  const { data: answer } = await client.query(AccountDocument, { name }, fresh).toPromise();
  return (answer?.resource?.document as ResourceDocument | undefined) ?? null;
}
