import { graphqlRoutes } from '../../../src/adapters/graphql/routes.ts';
import { sqliteViewStores } from '../../../src/adapters/sqlite/view-store.ts';
import type { GraphqlFace } from '../../../src/adapters/graphql/context.ts';
import { eventCatalogue } from '../../../src/application/event-catalogue.ts';
import type { Administration } from '../../../src/application/ports/administration.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import type { StoredEvent } from '../../../src/domain/kernel/event.ts';
import type { StreamId } from '../../../src/domain/kernel/ids.ts';
import { openViews } from '../../../src/projections/open-views.ts';
import { memoryLog, type MemoryLog } from '../../kit/memory-log.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';
import { myAccess } from './my-access-face.ts';
import { type Answer, logins, startTestWeb, type TestWeb } from '../http/web-kit.ts';

export interface TestGraphql {
  readonly web: TestWeb;
  readonly log: MemoryLog;
  readonly calls: unknown[];
  add(stream: StreamId, type: string, data: unknown, at?: string): Promise<StoredEvent>;
  run(query: string, as?: string, variables?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export const doors = {
  host: 'gate.example.org',
  ports: { ssh: 2222, postgres: null },
  ca: '-----BEGIN CERTIFICATE-----\n',
};

let count = 0;
/** A new uuid, the n-th of this run. */
export const uuid = (): string => `11111111-1111-4111-8111-${String((count += 1)).padStart(12, '0')}`;

export const person = (login: string): Viewer => logins.get(login)!;

/** GraphQL over HTTPS on a log in memory and real views; what commands it gives is noted in `calls`. */
export async function startTestGraphql(): Promise<TestGraphql> {
  const folder = makeTempDir();
  const log = memoryLog(eventCatalogue);
  const views = await openViews({ log, stores: sqliteViewStores(folder.path), onWarning: () => {} });
  const calls: unknown[] = [];
  const face: GraphqlFace = {
    // What administrators alone ask for is tested on a whole application: administration-kit.ts.
    ...({} as Administration),
    deleteResource: async () => ({ ok: false, errors: [] }),
    views,
    log,
    issueTemporaryToken: async (viewer, wish) => {
      calls.push(['issue', viewer.userName, wish]);
      if (wish.ttlSeconds === 0)
        return { ok: false, errors: [{ code: 'ttl-out-of-range', message: 'from 1 to 28800' }] };
      const id = `token-${uuid()}` as const;
      const token = { id, expiresAt: '2099-01-01T00:00:00.000Z', protocols: wish.protocols, target: null };
      await add(id, 'TemporaryTokenIssued', {
        userId: viewer.userId,
        loginId: viewer.loginId,
        scope: { protocols: wish.protocols, targetId: null },
        expiresAt: token.expiresAt,
      });
      return { ok: true, token, secret: 'spt_secret' };
    },
    challengePublicKey: async (viewer, publicKey) => {
      calls.push(['challenge', viewer.userName, publicKey]);
      if (publicKey === '') return { ok: false, errors: [{ code: 'invalid-key', message: 'no key' }] };
      const expiresAt = '2099-01-01T00:00:00.000Z';
      return { ok: true, challenge: { text: 'sign this', namespace: 'test', expiresAt } };
    },
    registerPublicKey: async (viewer, wish) => {
      calls.push(['register', viewer.userName, wish]);
      if (wish.publicKey === '') return { ok: false, errors: [{ code: 'invalid-key', message: 'no key' }] };
      const key = {
        id: `key-${uuid()}` as const,
        userId: viewer.userId,
        algorithm: 'ssh-ed25519' as const,
        fingerprint: 'SHA256:0',
        comment: 'ann@laptop',
        expiresAt: '2099-01-01T00:00:00.000Z',
      };
      const { id, ...facts } = key;
      await add(id, 'PublicKeyRegistered', { ...facts, loginId: viewer.loginId, bits: 256, nameKey: 'digest' });
      return { ok: true, key };
    },
    revokePass: async (viewer, id) => {
      calls.push(['revoke', viewer.userName, id]);
      return { ok: true };
    },
    endSession: async (viewer, id, message) => {
      calls.push(['end', viewer.userName, id, message]);
      return viewer.permissions.includes('operate')
        ? { ok: true }
        : { ok: false, errors: [{ code: 'denied', message: 'no' }] };
    },
    scanTarget: async (viewer, target, confirm) => {
      calls.push(['scan', viewer.userName, target, confirm]);
      const key = { line: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:a', authority: null, trusted: false };
      const certificate = {
        ...{
          sha256: 'ab',
          subject: 'CN=db1',
          issuer: 'CN=Test',
          validFrom: 'then',
          validTo: 'later',
          names: 'DNS:db1',
        },
        problem: 'it has expired',
      };
      const resource = { apiVersion: 'sallyport/v1', kind: 'Target', metadata: { name: target, labels: {} }, spec: {} };
      return { ok: true, scan: { target, keys: [key], certificate, error: null, confirmed: confirm, resource } };
    },
    ...myAccess(calls),
    openTerminal: async (viewer, wish) => {
      calls.push(['open-terminal', viewer.userName, wish]);
      return 'target' in wish && wish.target === 'db-1'
        ? { ok: false, errors: [{ code: 'other-protocol', message: 'no' }] }
        : { ok: true, ticket: 'one-time', expiresAt: '2099-01-01T00:00:00.000Z' };
    },
    terminals: (viewer) => [
      {
        sessionId: `session-${viewer.userId.slice(5)}`,
        ...{ target: 'web-1', account: 'root', openedAt: '2026-01-02T03:04:05.678Z', attached: false },
      },
    ],
  };
  const warnings: unknown[] = [];
  const web = await startTestWeb({ routes: graphqlRoutes(face, doors, (_message, error) => warnings.push(error)) });
  const add: TestGraphql['add'] = async (stream, type, data, given) => {
    // As of the clock: never before the newest event.
    const newest = (await log.newestAt()) ?? '';
    const first = '2026-01-02T03:04:05.678Z';
    const at = given ?? (newest > first ? newest : first);
    const history = await log.readStream(stream);
    const metadata = { at, actor: { kind: 'system', nodeId: null }, correlationId: uuid(), causationId: null } as const;
    const result = await log.append(stream, history.length, [{ id: uuid(), type, data, metadata }]);
    if (!result.ok) throw new Error('conflict');
    return result.events[0]!;
  };
  return {
    web: { ...web, warnings },
    log,
    calls,
    add,
    run: async (query, as = 'spl_admin', variables = {}) => web.post('/graphql', { query, variables }, as),
    close: async () => {
      await web.close();
      await views.close();
      folder.remove();
    },
  };
}

/** Opens a session of a person; gives its id. */
export async function openSession(
  graphql: TestGraphql,
  login: string,
  at: string,
  targetId: StreamId<'target'>,
): Promise<StreamId<'session'>> {
  const id = `session-${uuid()}` as const;
  await graphql.add(
    id,
    'SessionOpened',
    {
      passId: `token-${uuid()}`,
      userId: person(login).userId,
      targetId,
      targetName: 'web-1',
      accountId: `account-${uuid()}`,
      accountName: 'root',
      entitlementId: `entitlement-${uuid()}`,
      protocol: 'ssh',
      source: '192.0.2.1',
      client: 'OpenSSH_9.2',
      group: null,
      reason: 'OPS-1: disk full',
      recording: 'required',
      nodeId: `node-${uuid()}`,
      bootId: uuid(),
    },
    at,
  );
  return id;
}
