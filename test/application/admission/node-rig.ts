import { join } from 'node:path';
import { openEventLog } from '../../../src/adapters/sqlite/event-log.ts';
import { sqliteViewStores } from '../../../src/adapters/sqlite/view-store.ts';
import { keyPairs } from '../../../src/adapters/ssh-keys/key-pairs.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { uuidV7Ids } from '../../../src/adapters/system/ids.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import { yaml } from '../../../src/adapters/yaml/yaml.ts';
import type { AdmitTools } from '../../../src/application/admission/admit.ts';
import { Terminations } from '../../../src/application/admission/terminations.ts';
import { LoginActivity } from '../../../src/application/commands/login-activity.ts';
import type { CommandTools } from '../../../src/application/commands/run-command.ts';
import { eventCatalogue } from '../../../src/application/event-catalogue.ts';
import { nowOf } from '../../../src/application/now.ts';
import type { ReadModels } from '../../../src/application/ports/read-models.ts';
import type { Clock } from '../../../src/application/ports/system.ts';
import { cutSessions } from '../../../src/application/reactions/cut-sessions.ts';
import { runReactions } from '../../../src/application/reactions/run-reactions.ts';
import type { ResourceDeps } from '../../../src/application/resources/deps.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { type Custody, logFolder, openCustody } from '../../../src/main/custody.ts';
import { providerChecks } from '../../../src/main/provider-checks.ts';
import { openViews } from '../../../src/projections/open-views.ts';

export interface NodeRig {
  readonly tools: CommandTools;
  readonly custody: Custody;
  readonly views: ReadModels;
  readonly admission: AdmitTools;
  readonly resources: ResourceDeps;
  close(): Promise<void>;
}

/** No byte may reach a target in these tests: opening a leg is an error. */
const noTargets = { connect: () => Promise.reject(new Error('no target in this test')) };

/** The same tools with other SSH targets. */
export function withTerminals(deps: AdmitTools, ssh: AdmitTools['legs']['ssh']): AdmitTools {
  return { ...deps, legs: { ...deps.legs, ssh } };
}

/** One node of an installation, with real parts, without doors; several may share a data folder, each under its own name. */
export async function openNode(dataFolder: string, name: string, clock: Clock = systemClock): Promise<NodeRig> {
  const custody = await openCustody(dataFolder, undefined, () => {});
  const log = await openEventLog({
    folder: logFolder(dataFolder),
    catalogue: eventCatalogue,
    personKeys: custody.personKeys,
    signer: custody.signer,
  });
  const warnings: string[] = [];
  const views = await openViews({
    log,
    stores: sqliteViewStores(join(dataFolder, `views-${name}`)),
    onWarning: (message) => warnings.push(message),
  });
  await views.caughtUp();
  const ids = uuidV7Ids();
  const tools: CommandTools = { log, ids, now: nowOf(log, clock, () => undefined) };
  const processLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const admission: AdmitTools = {
    tools,
    views,
    zone: 'UTC',
    terminations: new Terminations(),
    activity: new LoginActivity(),
    processLog,
    recordings: custody.recordings,
    sessionsPerUser: 1_000,
    legs: { ssh: noTargets, postgres: noTargets },
    node: { nodeId: streamId('node', ids.uuid()), bootId: ids.uuid() },
  };
  const stop = new AbortController();
  const reactions = runReactions(log, [cutSessions(admission)], await log.head(), processLog, stop.signal);
  return {
    tools,
    custody,
    views,
    admission,
    resources: {
      tools,
      views,
      zone: 'UTC',
      ...custody,
      keyPairs,
      yaml,
      providerChecks: providerChecks(targetResolver([])),
    },
    close: async () => {
      stop.abort();
      await reactions;
      await views.close();
      await log.close();
    },
  };
}

/** A target, an account and a policy that lets everybody in. */
export const openToAll = `
apiVersion: sallyport/v1
kind: User
metadata: {name: alice}
spec: {password: a long enough password}
---
apiVersion: sallyport/v1
kind: Target
metadata: {name: box}
spec: {protocol: ssh, address: "127.0.0.1:22", trust: {hostKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJWqDa9zWUSuQPMSr4l0RxUqXQ0jxgnHqOkyWmEUUb8c"]}}
---
apiVersion: sallyport/v1
kind: Credential
metadata: {name: box}
spec: {password: secret on the box}
---
apiVersion: sallyport/v1
kind: Account
metadata: {name: box}
spec: {target: box, username: root, credential: {password: box}}
---
apiVersion: sallyport/v1
kind: Entitlement
metadata: {name: box}
spec: {access: {targets: [box]}}
---
apiVersion: sallyport/v1
kind: Policy
metadata: {name: everybody}
spec: {assign: "true", entitlements: [box]}
`;
