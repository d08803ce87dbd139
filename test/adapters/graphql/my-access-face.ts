import type { GraphqlFace } from '../../../src/adapters/graphql/context.ts';
import type { MyAccess, OwnReachEntry } from '../../../src/application/ports/my-access.ts';

const reachEntry = (name: string, over: Partial<OwnReachEntry> = {}): OwnReachEntry => ({
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
export function myAccess(
  calls: unknown[],
): Pick<GraphqlFace, keyof MyAccess | 'ownLogins' | 'closeLogin' | 'closeEverything'> {
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
    sshKeys: async (viewer, wish) => {
      calls.push(['keys', viewer.userName, wish]);
      const about = { labels: {}, username: 'root', publicKey: 'ssh-ed25519 AAAA', owner: null, mainTargetId: null };
      return { keys: [{ id: 'sshkey-1', name: 'k', status: 'active', ...about, devices: entries }], more: true };
    },
    tokenTerms: async () => ({ live: 1, most: 10, longestSeconds: 28_800, mechanisms: ['OATH'] }),
    serverTime: async () => '2026-01-02T03:04:05.678Z',
    ownLogins: async (viewer) => {
      const about = { door: 'web', source: '192.0.2.1', provider: 'local', factors: ['password'] } as const;
      const times = { openedAt: '2026-01-02T03:04:05.678Z', expiresAt: '2099-01-01T00:00:00.000Z' };
      return [{ loginId: viewer.loginId, ...about, ...times, current: true }];
    },
    closeLogin: async (viewer, id) => {
      calls.push(['close', viewer.userName, id]);
      return id === viewer.loginId ? { ok: true } : { ok: false, errors: [{ code: 'absent', message: 'no' }] };
    },
    closeEverything: async (viewer, exceptThis) => {
      calls.push(['close everything', viewer.userName, exceptThis]);
    },
    setFavourite: async (viewer, wish) => {
      calls.push(['favourite', viewer.userName, wish]);
      if (wish.target !== 'web-1') return { ok: false, errors: [{ code: 'not-allowed', message: 'no' }] };
      return { ok: true, entry: reachEntry('web-1', { favourite: wish.favourite }) };
    },
  };
}
