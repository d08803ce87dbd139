import { Code, Switch, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import { useChanges } from '../../graphql/use-changes.ts';
import { Pager } from '../../parts/pager.tsx';
import { ScreenHead } from '../../parts/screen-head.tsx';
import { Empty, Failure, FreshnessBadge, Loading } from '../../parts/states.tsx';
import { useUrlPage, useUrlText } from '../../parts/url-state.ts';
import { EventDetail } from './event-detail.tsx';
import { EventFilters, useEventFilter } from './event-filters.tsx';
import { EventTable } from './event-table.tsx';
import { exportLine } from './event-texts.ts';
import { type EventRow, EventsQuery } from './events-query.ts';

/** Everything that is in the log, newest first, as it comes. */
export function Events(): ReactNode {
  const [after] = useUrlPage();
  const [tail, setTail] = useUrlText('tail');
  const [shown, setShown] = useState<EventRow | null>(null);
  const filter = useEventFilter();
  const [{ data, error }, again] = useQuery({
    query: EventsQuery,
    variables: { filter, after: after === '' ? null : after },
  });
  // What comes now is on the first page, unless the filter is of the past.
  const isTail = tail !== 'no' && after === '' && filter.until === undefined;
  const freshness = useChanges({
    ...(filter.types === undefined || filter.types === null ? {} : { types: filter.types }),
    ...(filter.categories === undefined || filter.categories === null ? {} : { categories: filter.categories }),
    paused: !isTail,
    onChange: () => again({ requestPolicy: 'network-only' }),
  });
  const rows = data?.events.edges.map(({ node }) => node) ?? [];
  return (
    <>
      <ScreenHead
        title="Events"
        about="Everything that happened, as it stands in the log; nothing in it is ever changed."
      >
        {freshness === null ? null : <FreshnessBadge freshness={freshness} />}
        <Switch
          label="Show new events"
          checked={tail !== 'no'}
          onChange={(event) => setTail(event.currentTarget.checked ? '' : 'no')}
        />
      </ScreenHead>
      <EventFilters seen={[...new Set(rows.map(({ type }) => type))].sort()} />
      {data === undefined ? (
        error === undefined ? (
          <Loading what="the events" />
        ) : (
          <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />
        )
      ) : rows.length === 0 ? (
        <Empty title="No event fits" next="Take a filter away, or look at another time." cli={exportLine(filter)} />
      ) : (
        <>
          <EventTable rows={rows} onShow={setShown} />
          <Pager pageInfo={data.events.pageInfo} />
          <Text size="sm" c="dimmed" mt="md">
            All of them, for a program: <Code>{exportLine(filter)}</Code>
          </Text>
        </>
      )}
      <EventDetail event={shown} onClose={() => setShown(null)} />
    </>
  );
}
