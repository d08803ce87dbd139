import { stringifyDocument } from '@urql/core';
import { toLogin } from '../app/login.ts';
import { graphql, type ResultOf } from './graphql.ts';
import { serverSentEvents } from './event-stream.ts';
import { unattended } from './unattended.ts';

const EventsAfter = graphql(`
  subscription EventsAfter($after: String, $filter: EventSubscriptionFilter) {
    events(after: $after, filter: $filter) {
      id
      position
      stream
      streamVersion
      type
      data
      metadata {
        at
        actor
      }
    }
  }
`);

/** An event as the stream brings it; `position` is the cursor to go on after. */
export type FollowedEvent = ResultOf<typeof EventsAfter>['events'];

/**
 * `live`: what is shown is what is. `stale`: the connection is lost and being made anew, without gap or repeat. `ended`:
 * the server gives no more, because a right is gone.
 */
export type Freshness = 'connecting' | 'live' | 'stale' | 'ended';

export interface FollowWish {
  /** A position of the log; what came later is told. */
  readonly after: string;
  readonly filter: { readonly categories?: string[]; readonly types?: string[] };
  readonly onEvents: (events: readonly FollowedEvent[]) => void;
  readonly onFreshness: (freshness: Freshness) => void;
  readonly signal: AbortSignal;
}

/** Silence for so long is a lost connection: the server says something every 12 seconds. */
const silenceMilliseconds = 30_000;
const firstPauseMilliseconds = 500;
const longestPauseMilliseconds = 15_000;

/** Follows the log from a position on, through lost connections, until the signal or the end of the right to. */
export async function follow(wish: FollowWish): Promise<void> {
  let { after } = wish;
  let pause = firstPauseMilliseconds;
  wish.onFreshness('connecting');
  const isOver = (): boolean => wish.signal.aborted;
  while (!isOver()) {
    const outcome = await followOnce(wish, after, (position) => {
      after = position;
      pause = firstPauseMilliseconds;
    }).catch(() => 'lost' as const);
    if (isOver()) return;
    if (outcome === 'ended') {
      wish.onFreshness('ended');
      return;
    }
    wish.onFreshness('stale');
    await rest(pause, wish.signal);
    pause = Math.min(pause * 2, longestPauseMilliseconds);
  }
}

async function followOnce(
  { filter, onEvents, onFreshness, signal }: FollowWish,
  after: string,
  seen: (position: string) => void,
): Promise<'lost' | 'ended'> {
  const silence = new AbortController();
  const listen = AbortSignal.any([signal, silence.signal]);
  let timer = setTimeout(() => silence.abort(), silenceMilliseconds);
  try {
    const answer = await fetch('/graphql', {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...unattended },
      body: JSON.stringify({ query: stringifyDocument(EventsAfter), variables: { after, filter } }),
      signal: listen,
    });
    if (answer.status === 401) toLogin();
    if (answer.status === 401 || answer.status === 403) return 'ended';
    if (!answer.ok || answer.body === null) return 'lost';
    onFreshness('live');
    for await (const { event, data } of serverSentEvents(answer.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMilliseconds);
      if (event === 'complete') return 'ended';
      if (event !== 'next') continue;
      const message = JSON.parse(data) as { data?: { events?: FollowedEvent } | null; errors?: unknown };
      const told = message.data?.events;
      if (told === undefined) return 'ended';
      onEvents([told]);
      seen(told.position);
    }
    return 'lost';
  } finally {
    clearTimeout(timer);
  }
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
