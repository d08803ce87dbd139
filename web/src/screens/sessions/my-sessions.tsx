import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { useViewer } from '../../app/viewer.tsx';
import { Pager } from '../../parts/pager.tsx';
import { openProtocols } from '../../parts/protocol-names.ts';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useUrlPage, useUrlText } from '../../parts/url-state.ts';
import { useRefresh } from '../../graphql/use-refresh.ts';
import { RunningTerminals } from './running-terminals.tsx';
import { SessionFilters } from './session-filters.tsx';
import { OwnSessions } from './session-queries.ts';
import { SessionTable } from './session-table.tsx';

/** The sessions of the person: those that are open, and what was recorded of the others. */
export function MySessions(): ReactNode {
  const { id } = useViewer();
  const [state] = useUrlText('state');
  const [protocol] = useUrlText('protocol');
  const [target] = useUrlText('target');
  const [after] = useUrlPage();
  const known = openProtocols.find((one) => one === protocol);
  const filter = {
    user: id,
    ...(state === 'live' || state === 'ended' ? { live: state === 'live' } : {}),
    ...(known === undefined ? {} : { protocol: known }),
    ...(target === '' ? {} : { target }),
  };
  const [{ data, error }, again] = useQuery({
    query: OwnSessions,
    variables: { filter, after: after === '' ? null : after },
  });
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  useRefresh(again);
  const filtered = state !== '' || protocol !== '' || target !== '';
  return (
    <>
      <ScreenHead title="My sessions" about="What you have open, and what you did before, to look at again." />
      <RunningTerminals onEnded={refresh} />
      <SessionFilters state={state} protocol={protocol} target={target} />
      {data === undefined ? (
        error === undefined ? (
          <Loading what="your sessions" />
        ) : (
          <Failure error={error} retry={refresh} />
        )
      ) : data.sessions.edges.length > 0 ? (
        <>
          <SessionTable sessions={data.sessions.edges.map(({ node }) => node)} onEnded={refresh} />
          <Pager pageInfo={data.sessions.pageInfo} />
        </>
      ) : filtered ? (
        <Empty
          title="No session of yours is like that"
          next="Take fewer filters; a target is found by its whole name."
        />
      ) : (
        <Empty
          title="You have had no session yet"
          next="Connect to something under “My access”; what is recorded of it can be watched here."
          cli="sallyport sessions list"
        />
      )}
    </>
  );
}
