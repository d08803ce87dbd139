import { Anchor, List, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { graphql } from '../../graphql/graphql.ts';
import { Failure, Loading } from '../../parts/states.tsx';
import { type KindName, kindName, objectPath } from './kinds/kind-names.ts';

const ReferrersQuery = graphql(`
  query Referrers($kind: ResourceKind!, $name: String!) {
    resource(kind: $kind, name: $name) {
      id
      referrers(first: 100) {
        edges {
          node {
            id
            kind
            name
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  }
`);

interface UsedByProps {
  readonly kind: KindName;
  readonly name: string;
}

/** What names an object; while anything does, it can't be deleted. */
export function UsedBy({ kind, name }: UsedByProps): ReactNode {
  const { referrers, error, again } = useReferrers(kind, name);
  if (error !== undefined && referrers === undefined) return <Failure error={error} retry={again} />;
  if (referrers === undefined) return <Loading what="what uses it" />;
  if (referrers.edges.length === 0) return <Text c="dimmed">Nothing names it.</Text>;
  return (
    <>
      <Referrers edges={referrers.edges} />
      {referrers.pageInfo.hasNextPage ? <Text c="dimmed">… and more.</Text> : null}
    </>
  );
}

export function useReferrers(kind: KindName, name: string) {
  const [{ data, error, fetching }, again] = useQuery({
    query: ReferrersQuery,
    variables: { kind: kind.kind, name },
    requestPolicy: 'network-only',
  });
  const referrers = fetching ? undefined : data?.resource?.referrers;
  return { referrers, error, again: () => again({ requestPolicy: 'network-only' }) };
}

interface ReferrersProps {
  readonly edges: readonly { readonly node: { readonly id: string; readonly kind: string; readonly name: string } }[];
}

export function Referrers({ edges }: ReferrersProps): ReactNode {
  return (
    <List spacing={4}>
      {edges.map(({ node }) => {
        const kind = kindName(node.kind);
        const text = `${node.kind} ${node.name}`;
        return (
          <List.Item key={node.id}>
            {kind === undefined ? (
              text
            ) : (
              <Anchor component={Link} href={objectPath(kind, node.name)}>
                {text}
              </Anchor>
            )}
          </List.Item>
        );
      })}
    </List>
  );
}
