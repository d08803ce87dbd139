import type { GraphqlFace } from '../../../src/adapters/graphql/context.ts';
import type { MyAccess, OwnReachEntry } from '../../../src/application/ports/my-access.ts';

export const reachEntry = (name: string, over: Partial<OwnReachEntry> = {}): OwnReachEntry => ({
  accountId: `account-${name}`,
  targetId: `target-${name}`,
  target: name,
  account: 'root',
  protocol: 'ssh',
  login: `user~root~${name}`,
  allowed: true,
  reason: null,
  advice: null,
  asks: null,
  recording: 'required',
  labels: {},
  favourite: false,
  lastUsedAt: null,
  ...over,
});

/** "My access" with two targets; what it is asked for is noted in `calls`. */
export function myAccess(calls: unknown[]): Pick<GraphqlFace, keyof MyAccess> {
  const entries = [
    reachEntry('web-1'),
    reachEntry('web-2', { allowed: false, reason: 'a condition is not met now', advice: 'Ask.', recording: null }),
  ];
  return {
    reachPage: async (viewer, wish) => {
      calls.push(['reach', viewer.userName, wish]);
      const rest = entries.filter(({ target }) => wish.after === null || target > wish.after[0]);
      return { entries: rest.slice(0, wish.first), more: rest.length > wish.first };
    },
    recentReach: async (viewer, wish) => {
      calls.push(['recent', viewer.userName, wish]);
      return { entries: entries.slice(0, 1), more: false };
    },
    setFavourite: async (viewer, wish) => {
      calls.push(['favourite', viewer.userName, wish]);
      if (wish.target !== 'web-1') return { ok: false, errors: [{ code: 'not-allowed', message: 'no' }] };
      return { ok: true, entry: reachEntry('web-1', { favourite: wish.favourite }) };
    },
  };
}
