import { List, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../../graphql/graphql.ts';
import { ConfirmButton } from '../../../parts/confirm-button.tsx';
import { Failure, Loading } from '../../../parts/states.tsx';

const SessionsOfPass = graphql(`
  query SessionsOfPass($id: ID!) {
    node(id: $id) {
      id
      ... on Token {
        liveSessions(first: 20) {
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
            }
          }
          pageInfo {
            hasNextPage
          }
        }
      }
      ... on PublicKey {
        liveSessions(first: 20) {
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
            }
          }
          pageInfo {
            hasNextPage
          }
        }
      }
    }
  }
`);

export interface RevokePassProps {
  readonly kind: 'token' | 'key';
  readonly id: string;
  /** Which of several, for who hears the button. */
  readonly what: string;
  readonly of: string;
  readonly act: () => Promise<string | null>;
}

/** Revokes a token or a key once it was said which sessions end with it. */
export function RevokePass({ kind, id, what, of, act }: RevokePassProps): ReactNode {
  return (
    <ConfirmButton label="Revoke" what={`the ${kind} ${what}`} title={`Revoke this ${kind} of ${of}?`} act={act}>
      <WhatEnds id={id} />
    </ConfirmButton>
  );
}

function WhatEnds({ id }: { readonly id: string }): ReactNode {
  const [{ data, error }, again] = useQuery({
    query: SessionsOfPass,
    variables: { id },
    requestPolicy: 'network-only',
  });
  if (data === undefined) {
    return error === undefined ? (
      <Loading what="the sessions that it has open" />
    ) : (
      <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />
    );
  }
  const sessions = data.node !== null && 'liveSessions' in data.node ? data.node.liveSessions : null;
  if (sessions === null) return <Text size="sm">It has ended meanwhile.</Text>;
  if (sessions.edges.length === 0) {
    return <Text size="sm">It has no session open. It opens none from now on, and can not be brought back.</Text>;
  }
  return (
    <>
      <Text size="sm">It opens no session from now on, and these end at once:</Text>
      <List size="sm" my="xs">
        {sessions.edges.map(({ node }) => (
          <List.Item key={node.id}>
            {node.account.name} on {node.target.name}
          </List.Item>
        ))}
        {sessions.pageInfo.hasNextPage ? <List.Item>… and more</List.Item> : null}
      </List>
    </>
  );
}
