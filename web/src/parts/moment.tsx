import type { ReactNode } from 'react';
import { ago, clockTime, duration } from './moments.ts';
import { useNow } from './use-now.ts';

const full = (at: string): string => new Date(at).toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long' });

/** A moment of the past, seen from now; the exact one under the pointer. `at` as GraphQL gives it. */
export function Moment({ at }: { readonly at: string }): ReactNode {
  const now = useNow(20_000);
  return (
    <time dateTime={at} title={full(at)}>
      {ago(Date.parse(at), now)}
    </time>
  );
}

/** How long until then, by the server's clock, and when that is. */
export function Countdown({ until }: { readonly until: string }): ReactNode {
  const now = useNow();
  const left = Date.parse(until) - now;
  return (
    <time dateTime={until} title={full(until)} style={{ fontVariantNumeric: 'tabular-nums' }}>
      {left <= 0 ? 'ended' : `${duration(left)} left, until ${clockTime(Date.parse(until), now)}`}
    </time>
  );
}
