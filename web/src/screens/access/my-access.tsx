import { Alert } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Pager } from '../../parts/pager.tsx';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useUrlOverlay } from '../../parts/url-state.ts';
import { useRefresh } from '../../graphql/use-refresh.ts';
import { RunningTerminals } from '../sessions/running-terminals.tsx';
import { AccessFilters, AccessTabs } from './access-filters.tsx';
import { AccessTable } from './access-table.tsx';
import { type AccessWish, useAccess, useAccessWish } from './use-access.ts';

const ConnectDrawer = lazy(() =>
  import('./connect-drawer.tsx').then(({ ConnectDrawer: component }) => ({ default: component })),
);

/** What the person may reach, the way there, and why something is not open to them. */
export function MyAccess(): ReactNode {
  const wish = useAccessWish();
  const { page, error, again } = useAccess(wish);
  const [connect, openConnect, closeConnect] = useUrlOverlay('connect');
  const [problem, setProblem] = useState<string | null>(null);
  useRefresh(again);
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  const marked = (refusal: string | null): void => {
    setProblem(refusal);
    refresh();
  };
  return (
    <>
      <ScreenHead title="My access" about="The servers and databases that you may reach." />
      <RunningTerminals onEnded={refresh} />
      <AccessTabs wish={wish}>
        {wish.part === 'recent' ? null : <AccessFilters wish={wish} />}
        {problem === null ? null : (
          <Alert color="red" variant="light" role="alert" mb="sm" withCloseButton onClose={() => setProblem(null)}>
            {problem}
          </Alert>
        )}
        {page === undefined ? (
          error === undefined ? (
            <Loading what="your access" />
          ) : (
            <Failure error={error} retry={refresh} />
          )
        ) : page.edges.length === 0 ? (
          <Nothing wish={wish} />
        ) : (
          <>
            <AccessTable entries={page.edges.map(({ node }) => node)} onConnect={openConnect} onMarked={marked} />
            <Pager pageInfo={page.pageInfo} />
          </>
        )}
      </AccessTabs>
      {connect === '' ? null : (
        <Suspense fallback={null}>
          <ConnectDrawer accountId={connect} onClose={closeConnect} />
        </Suspense>
      )}
    </>
  );
}

function Nothing({ wish: { part, search, protocol, open } }: { readonly wish: AccessWish }): ReactNode {
  if (part === 'recent') {
    return <Empty title="You have used nothing yet" next="What you connect to stands here, the newest first." />;
  }
  if (search !== '' || protocol !== '' || open !== '') {
    return (
      <Empty
        title="Nothing of yours is like that"
        next="Take other words or fewer filters. What you have no entitlement for is not listed: ask an administrator for it by its name."
      />
    );
  }
  if (part === 'favourites') {
    return <Empty title="You have no favourites yet" next="Press the star in front of a target, and it stands here." />;
  }
  return (
    <Empty
      title="Nothing is open to you yet"
      next="An administrator gives you an entitlement to a target. Ask for the server or database by its name."
      cli="sallyport ls"
    />
  );
}
