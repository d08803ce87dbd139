import { useQuery } from 'urql';
import type { VariablesOf } from '../../graphql/graphql.ts';
import { useUrlPage, useUrlText } from '../../parts/url-state.ts';
import { openProtocols } from '../../parts/protocol-names.ts';
import { ReachList, RecentList } from './reach-queries.ts';

type Filter = VariablesOf<typeof ReachList>['filter'];

/** Which part of it is shown: everything, what was marked, or what was used last. */
export type AccessPart = 'all' | 'favourites' | 'recent';

export interface AccessWish {
  readonly part: AccessPart;
  readonly search: string;
  readonly protocol: string;
  /** `yes`, `no` or empty for both. */
  readonly open: string;
}

/** The wish that stands in the address. What is no such word there counts as absent. */
export function useAccessWish(): AccessWish {
  const [part] = useUrlText('part');
  const [search] = useUrlText('q');
  const [protocol] = useUrlText('protocol');
  const [open] = useUrlText('open');
  return { part: part === 'favourites' || part === 'recent' ? part : 'all', search, protocol, open };
}

function filterOf({ part, protocol, open }: AccessWish): Filter {
  const known = openProtocols.find((one) => one === protocol);
  return {
    ...(part === 'favourites' ? { favourite: true } : {}),
    ...(known === undefined ? {} : { protocol: known }),
    ...(open === 'yes' || open === 'no' ? { allowed: open === 'yes' } : {}),
  };
}

/** The page of the list that the address asks for. */
export function useAccess(wish: AccessWish) {
  const [cursor] = useUrlPage();
  const after = cursor === '' ? null : cursor;
  const recent = wish.part === 'recent';
  const [reach, againReach] = useQuery({
    query: ReachList,
    variables: { search: wish.search, filter: filterOf(wish), after },
    pause: recent,
  });
  const [used, againUsed] = useQuery({ query: RecentList, variables: { after }, pause: !recent });
  return recent
    ? { page: used.data?.viewer.recent, error: used.error, again: againUsed }
    : { page: reach.data?.viewer.reach, error: reach.error, again: againReach };
}
