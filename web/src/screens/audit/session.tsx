import { Anchor, Badge, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { Link, useParams } from 'wouter';
import { useViewer } from '../../app/viewer.tsx';
import { graphql } from '../../graphql/graphql.ts';
import { useRefresh } from '../../graphql/use-refresh.ts';
import { EndSession } from '../../parts/end-session.tsx';
import { momentText } from '../../parts/moment-text.ts';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { Empty, Pending } from '../../parts/states.tsx';
import { Downloads } from '../player/downloads.tsx';
import { Recorded } from './recorded.tsx';
import { SessionFacts } from './session-facts.tsx';

const SessionQuery = graphql(`
  query SessionToPlay($id: ID!) {
    session(id: $id) {
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
      client
      reason
      startedAt
      endedAt
      endReason
      endMessage
      bytesReceived
      bytesSent
      recording {
        duty
        chunks
        bytes
      }
    }
  }
`);

/** One session: who, where, how it ended, and its recording to be played. */
export function Session(): ReactNode {
  const { id = '' } = useParams();
  const viewer = useViewer();
  const mayEndAny = ['operate', 'administer'].some((one) => viewer.permissions.includes(one));
  const [{ data, error }, again] = useQuery({ query: SessionQuery, variables: { id } });
  useRefresh(again);
  if (data === undefined) {
    return <Pending what="the session" error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  }
  const { session } = data;
  const isOwn = session?.user.id === viewer.id;
  if (session === null) {
    return (
      <>
        <ScreenHead title="Session" />
        <Empty
          title="There is no such session, or it is not yours to see"
          next={
            <Anchor component={Link} href="/sessions">
              To the list of sessions
            </Anchor>
          }
          cli="sallyport sessions list"
        />
      </>
    );
  }
  return (
    <>
      <ScreenHead
        title={`${session.user.name} on ${session.account.name}@${session.target.name}`}
        about={
          <Group gap="xs">
            {session.endedAt === null ? (
              <Badge color="red" variant="light" tt="none">
                Live
              </Badge>
            ) : null}
            <Text component="span">
              {session.protocol}, {momentText(session.startedAt)}
            </Text>
          </Group>
        }
      >
        <Downloads
          sessionId={session.id}
          isDatabase={session.protocol === 'postgres' || session.protocol === 'mysql'}
        />
        {session.endedAt === null && (isOwn || mayEndAny) ? (
          <EndSession id={session.id} label="End session" title="End this session?" withReason onEnded={() => again()}>
            The connection is cut at once; what runs on the target may end with it.
          </EndSession>
        ) : null}
      </ScreenHead>
      <SessionFacts session={session} />
      <Recorded key={session.id} sessionId={session.id} duty={session.recording.duty} />
    </>
  );
}
