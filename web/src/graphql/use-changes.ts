import { useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import { useViewer } from '../app/viewer.tsx';
import { graphql } from './graphql.ts';
import type { Freshness } from './follow.ts';
import { useFollow } from './use-follow.ts';

const HeadQuery = graphql(`
  query LogHead {
    logHead
  }
`);

/** Changes that come close together are told once, so many milliseconds after the first. */
const together = 500;

export interface ChangesWish {
  readonly categories?: readonly string[];
  readonly types?: readonly string[];
  /** Nothing is followed while this is true. */
  readonly paused?: boolean;
  readonly onChange: () => void;
}

/** Tells that something of these kinds was written to the log; null for who may not follow it, or does not now. */
export function useChanges({ categories, types, paused = false, onChange }: ChangesWish): Freshness | null {
  const { permissions } = useViewer();
  const may = permissions.includes('audit') || permissions.includes('administer');
  const idle = paused || !may;
  const [{ data }] = useQuery({ query: HeadQuery, pause: idle, requestPolicy: 'network-only' });
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const freshness = useFollow({
    after: idle ? null : (data?.logHead ?? null),
    ...(categories === undefined ? {} : { categories }),
    ...(types === undefined ? {} : { types }),
    onEvents: () => {
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        tell.current();
      }, together);
    },
  });
  return idle ? null : freshness;
}
