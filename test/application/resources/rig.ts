import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { argon2Passwords } from '../../../src/adapters/passwords/argon2-passwords.ts';
import { openEventLog } from '../../../src/adapters/sqlite/event-log.ts';
import { sqliteViewStores } from '../../../src/adapters/sqlite/view-store.ts';
import { keyPairs } from '../../../src/adapters/ssh-keys/key-pairs.ts';
import { uuidV7Ids } from '../../../src/adapters/system/ids.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import { openFileVault } from '../../../src/adapters/vault/file-vault.ts';
import { hmacNameKeys } from '../../../src/adapters/vault/name-keys.ts';
import { openPersonKeys } from '../../../src/adapters/vault/person-keys.ts';
import { yaml } from '../../../src/adapters/yaml/yaml.ts';
import { eventCatalogue } from '../../../src/application/event-catalogue.ts';
import type { EventLog } from '../../../src/application/ports/event-log.ts';
import type { Vault } from '../../../src/application/ports/vault.ts';
import { type Applied, applyResources } from '../../../src/application/resources/apply.ts';
import type { ResourceDeps, ResourceViewer } from '../../../src/application/resources/deps.ts';
import { deleteResource } from '../../../src/application/resources/delete.ts';
import { getResources } from '../../../src/application/resources/get.ts';
import type { Kind } from '../../../src/application/resources/kinds.ts';
import type { StoredEvent } from '../../../src/domain/kernel/event.ts';
import type { Json } from '../../../src/domain/kernel/json.ts';
import { providerChecks } from '../../../src/main/provider-checks.ts';
import { openViews } from '../../../src/projections/open-views.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';

export const administrator: ResourceViewer = {
  userId: 'user-00000000-0000-7000-8000-000000000001',
  userName: 'root',
  loginId: 'login-00000000-0000-7000-8000-000000000001',
  permissions: ['self', 'audit', 'administer', 'operate'],
  roles: ['admin'],
};

/** The real log, views and vault in a folder of their own; `fail` makes the n-th write to log or vault fail. */
export async function openRig() {
  const { path: folder, remove } = makeTempDir();
  const master = randomBytes(32);
  const realLog = await openEventLog({
    folder,
    catalogue: eventCatalogue,
    personKeys: openPersonKeys(folder, master),
    signer: { ...generateKeyPairSync('ed25519'), origin: 'test' },
  });
  const views = await openViews({ log: realLog, stores: sqliteViewStores(folder), onWarning: () => {} });
  await views.caughtUp();
  const realVault = openFileVault(folder, master);
  let writesLeft = Number.POSITIVE_INFINITY;
  let ahead = 0;
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    writesLeft -= 1;
    if (writesLeft < 0) throw new Error('cut off');
    return work();
  };
  const log: EventLog = {
    append: (...given) => write(() => realLog.append(...given)),
    readStream: (...given) => realLog.readStream(...given),
    readAt: (positions) => realLog.readAt(positions),
    readAll: (read) => realLog.readAll(read),
    head: () => realLog.head(),
    newestAt: () => realLog.newestAt(),
    subscribeAll: (options) => realLog.subscribeAll(options),
    probe: () => realLog.probe(),
  };
  const vault: Vault = {
    put: (id, secret) => write(() => realVault.put(id, secret)),
    open: (id) => realVault.open(id),
    destroy: (id) => write(() => realVault.destroy(id)),
    list: (prefix) => realVault.list(prefix),
  };
  const deps: ResourceDeps = {
    tools: { log, ids: uuidV7Ids(), now: async () => new Date(Date.now() + ahead).toISOString() },
    views,
    zone: 'UTC',
    nameKeys: hmacNameKeys(randomBytes(32)),
    vault,
    passwords: argon2Passwords(),
    keyPairs,
    yaml,
    providerChecks: providerChecks(targetResolver([])),
  };
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await views.close();
    await realLog.close();
    remove();
  };
  onTestFinished(close);

  const apply = (text: string, setSecrets = false): Promise<Applied> =>
    applyResources(deps, administrator, text, { setSecrets });
  return {
    deps,
    apply,
    /** At the latest when the test ends; a test that opens many closes each. */
    close,
    /** Outcomes by `Kind name`; any problem is an error. */
    async outcomes(text: string, setSecrets = false): Promise<Record<string, string>> {
      const applied = await apply(text, setSecrets);
      if ('problems' in applied) throw new Error(JSON.stringify(applied.problems));
      return Object.fromEntries(applied.changes.map(({ kind, name, outcome }) => [`${kind} ${name}`, outcome]));
    },
    /** `line:column message` of each problem; none is an error. */
    async problems(text: string, setSecrets = false): Promise<string[]> {
      const applied = await apply(text, setSecrets);
      if (!('problems' in applied)) throw new Error(`was taken: ${JSON.stringify(applied.changes)}`);
      return applied.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
    },
    async get(kind: Kind, name?: string): Promise<Json[]> {
      return (await getResources(deps, administrator, kind, name)) as unknown as Json[];
    },
    remove: (kind: Kind, name: string) => deleteResource(deps, administrator, kind, name),
    /** The next writes fail once this many are done; until `heal`. */
    failAfter: (writes: number) => {
      writesLeft = writes;
    },
    heal: () => {
      writesLeft = Number.POSITIVE_INFINITY;
    },
    passTime: (milliseconds: number) => {
      ahead += milliseconds;
    },
    async events(): Promise<readonly StoredEvent[]> {
      return realLog.readAll({ after: null, limit: 10_000 });
    },
    /** Every byte of every file of the installation. */
    everything(): Buffer {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      return Buffer.concat(files.map((entry) => readFileSync(join(entry.parentPath, entry.name))));
    },
  };
}

export type Rig = Awaited<ReturnType<typeof openRig>>;
