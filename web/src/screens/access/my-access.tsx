import { Badge, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../graphql/graphql.ts';
import { Pager } from '../../parts/pager.tsx';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useUrlPage } from '../../parts/url-state.ts';

const ReachQuery = graphql(`
  query Reach($after: String) {
    viewer {
      id
      reach(first: 50, after: $after) {
        edges {
          cursor
          node {
            target
            account
            protocol
            login
            allowed
            reason
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

/** What the person may reach, and why something is not open to them. */
export function MyAccess(): ReactNode {
  const [after] = useUrlPage();
  const [{ data, error }, again] = useQuery({
    query: ReachQuery,
    variables: { after: after === '' ? null : after },
  });
  return (
    <>
      <ScreenHead title="My access" about="The servers and databases that you may reach." />
      {data === undefined ? (
        error === undefined ? (
          <Loading what="your access" />
        ) : (
          <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />
        )
      ) : data.viewer.reach.edges.length === 0 ? (
        <Empty
          title="Nothing is open to you yet"
          next="An administrator gives you an entitlement to a target. Ask for the server or database by its name."
          cli="sallyport ls"
        />
      ) : (
        <>
          <Table.ScrollContainer minWidth={520}>
            <Table verticalSpacing="sm" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Target</Table.Th>
                  <Table.Th>Account</Table.Th>
                  <Table.Th>Protocol</Table.Th>
                  <Table.Th>State</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.viewer.reach.edges.map(({ cursor, node }) => (
                  <Table.Tr key={cursor}>
                    <Table.Td fw={600}>{node.target}</Table.Td>
                    <Table.Td>{node.account}</Table.Td>
                    <Table.Td>{node.protocol}</Table.Td>
                    <Table.Td>
                      {node.allowed ? (
                        <Badge color="gate" variant="light" tt="none">
                          Open
                        </Badge>
                      ) : (
                        <Text size="sm" c="dimmed">
                          {node.reason}
                        </Text>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Pager pageInfo={data.viewer.reach.pageInfo} />
        </>
      )}
    </>
  );
}
