// 100 sessions of 1,000,000 by GraphQL, against the bare indexed query on the same file: npm run bench -- graphql-list [SESSIONS]
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { graphqlRoutes } from '../../src/adapters/graphql/routes.ts';
import type { GraphqlFace } from '../../src/adapters/graphql/context.ts';
import { sqliteViewStores } from '../../src/adapters/sqlite/view-store.ts';
import type { SessionHistoryRow } from '../../src/application/ports/read-models.ts';
import type { ViewerContext } from '../../src/application/ports/http-route.ts';
import { sessionHistory } from '../../src/projections/session-history/projection.ts';
import { logins } from '../adapters/http/web-kit.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { compare } from './kit/compare.ts';

const sessions = Number(process.argv[2] ?? 1_000_000);
const perWrite = 20_000;
const asked = 200;
const { path: folder, remove } = makeTempDir();
const store = sqliteViewStores(folder).open(sessionHistory, console.error);
for (let from = 0; from < sessions; from += perWrite) {
  const rows = new Map<string, SessionHistoryRow>();
  for (let n = from; n < Math.min(from + perWrite, sessions); n += 1) {
    const row = rowOf(n);
    rows.set(row.sessionId, row);
  }
  store.write({ rows, parked: new Map(), remembered: new Map(), checkpoint: String(from), newestAt: '', wipe: false });
}
store.finish();
const rows = store.serving();
if (rows === undefined) throw new Error('the view is not served');
const view = {
  get: (key: string) => rows.get(key),
  find: (query: Parameters<typeof rows.find>[0]) => rows.find(query),
  reached: async () => {},
};
const face = { views: { sessionHistory: view }, log: { head: async () => '' } } as unknown as GraphqlFace;
const doors = { host: 'localhost', ports: {}, ca: null };
const route = graphqlRoutes(face, doors, console.error).find(({ method }) => method === 'POST');
if (route === undefined) throw new Error('no route');
const viewer = logins.get('spl_admin');
const context = {
  viewer,
  signal: new AbortController().signal,
  refresh: async () => viewer,
} as unknown as ViewerContext;
const columns =
  'id source client protocol startedAt endedAt endReason bytesReceived bytesSent passId entitlementId groupId';
const query = `{ sessions(first: 100, order: NEWEST) { edges { cursor node { ${columns} } } pageInfo { hasNextPage endCursor } } }`;
const bare = new Database(join(folder, `${sessionHistory.name}.db`), { readonly: true });
const statement = bare.prepare('SELECT * FROM rows ORDER BY startedAt DESC, sessionId DESC LIMIT 101');

try {
  // Both sides as they are in a process that has run for a while.
  for (let n = 0; n < 4; n += 1) {
    await ours();
    await peer();
  }
  await compare({ name: 'graphql-list', unit: 'ms', rounds: 15, ours, peer });
} finally {
  bare.close();
  store.close();
  remove();
}

/** Milliseconds of one page, from the request to the whole answer as text. */
async function ours(): Promise<number> {
  const begun = performance.now();
  for (let n = 0; n < asked; n += 1) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query });
    const request = new Request('https://localhost/graphql', { method: 'POST', headers, body });
    const text = await (await route!.handler(request, context)).text();
    if (!text.includes('"hasNextPage":true')) throw new Error(text.slice(0, 500));
  }
  return (performance.now() - begun) / asked;
}

/** The same of the bare query, its rows as text. */
async function peer(): Promise<number> {
  const begun = performance.now();
  for (let n = 0; n < asked; n += 1) JSON.stringify(statement.all());
  return (performance.now() - begun) / asked;
}

function rowOf(n: number): SessionHistoryRow {
  const id = (category: string, of: number): string =>
    `${category}-00000000-0000-7000-8000-${of.toString(16).padStart(12, '0')}`;
  const at = (seconds: number): string => new Date(Date.UTC(2025, 0, 1) + seconds * 1_000).toISOString();
  return {
    ...{ sessionId: id('session', (n * 7_919) % 2 ** 40), userId: id('user', n % 1_000), passId: id('token', n >> 2) },
    ...{ targetId: id('target', n % 10_000), targetName: `web-${n % 10_000}`, accountId: id('account', n % 20_000) },
    ...{ accountName: 'root', entitlementId: id('entitlement', n % 50), protocol: 'ssh', source: `10.0.0.${n % 250}` },
    ...{ client: 'OpenSSH_9.2', groupId: id('session', n), nodeId: id('node', 1), bootId: 'b', startedAt: at(n) },
    ...{ ended: n % 100 === 0 ? 0 : 1, endedAt: n % 100 === 0 ? null : at(n + 60), endReason: 'closed-by-client' },
    ...{
      endMessage: null,
      bytesReceived: n,
      bytesSent: n,
      recording: 'required',
      chunks: 1,
      recordedBytes: n,
      version: 3,
    },
  } as unknown as SessionHistoryRow;
}
