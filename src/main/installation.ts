import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicKeys } from '../adapters/ssh-keys/public-keys.ts';
import { asciicastLines } from '../adapters/recordings/asciicast.ts';
import { jsonLines } from '../adapters/recordings/jsonl.ts';
import type { Metric } from '../adapters/http/metrics.ts';
import { openEventLog } from '../adapters/sqlite/event-log.ts';
import { sqliteViewStores } from '../adapters/sqlite/view-store.ts';
import { keyPairs } from '../adapters/ssh-keys/key-pairs.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { uuidV7Ids } from '../adapters/system/ids.ts';
import { storageProbe } from '../adapters/system/storage-probe.ts';
import { targetResolver } from '../adapters/system/own-addresses.ts';
import { jsonLog } from '../adapters/system/process-log.ts';
import { yaml } from '../adapters/yaml/yaml.ts';
import type { AdmitTools } from '../application/admission/admit.ts';
import type { Recorded } from '../client/recorded.ts';
import { transcriptLines } from '../client/transcript-lines.ts';
import { endMessage } from '../application/admission/end-messages.ts';
import { Terminations } from '../application/admission/terminations.ts';
import { LoginActivity } from '../application/commands/login-activity.ts';
import { type CommandTools, StreamWriter } from '../application/commands/run-command.ts';
import type { SessionTools } from '../application/commands/sessions.ts';
import { eventCatalogue } from '../application/event-catalogue.ts';
import { KeptGrants } from '../application/identities/kept-grants.ts';
import { nowOf } from '../application/now.ts';
import type { Application } from '../application/ports/application-face.ts';
import type { IdentityProviders } from '../application/ports/identity-providers.ts';
import type { KeyPairs } from '../application/ports/key-pairs.ts';
import type { ProcessLog } from '../application/ports/system.ts';
import { closeOrphans } from '../application/reactions/close-orphans.ts';
import { cutSessions } from '../application/reactions/cut-sessions.ts';
import { dropGrants } from '../application/reactions/drop-grants.ts';
import { endFactors, sweepFactorSecrets } from '../application/reactions/end-factors.ts';
import { endPasses, sweepPasses } from '../application/reactions/end-passes.ts';
import { prepareScreens } from '../application/reactions/prepare-screens.ts';
import { LogHealth } from '../application/reactions/log-health.ts';
import { runReactions } from '../application/reactions/run-reactions.ts';
import type { ResourceDeps } from '../application/resources/deps.ts';
import { releaseOrphans } from '../application/resources/orphans.ts';
import { type NodeId, streamId } from '../domain/kernel/ids.ts';
import { nodeDecider } from '../domain/node/decider.ts';
import { openViews } from '../projections/open-views.ts';
import { within } from '../application/within.ts';
import { hostKeyScan } from '../proxies/ssh/host-key-scan.ts';
import { certificateScan } from '../proxies/postgres/certificate-scan.ts';
import { postgresTargetDatabases } from '../proxies/postgres/target-leg.ts';
import { sshTargetTerminals } from '../proxies/ssh/target-leg.ts';
import { applicationOf } from './application.ts';
import { type Config, integerSetting } from './config.ts';
import { checkpointKeyFile } from './checkpoint-key.ts';
import { type Custody, logFolder, openCustody, publicKeyPem } from './custody.ts';
import { openGuessBrake } from './guess-brake.ts';
import { ensureDataFolder, nodeUuid } from './data-folder.ts';
import { type Doors, doorsOf } from './admission-doors.ts';
import { examineProvider } from './examine-provider.ts';
import { factorProofsOf } from './factor-proofs.ts';
import { startDirectorySync, syncMetric } from './directory-sync.ts';
import { openIdentityProviders } from './identity-providers.ts';
import { lockDataFolder } from './lock-data-folder.ts';
import { ownPorts } from './own-ports.ts';
import { providerChecks } from './provider-checks.ts';
import { publicUrl } from './public-url.ts';
import { version } from './version.ts';

/** Everything behind the doors of one node: log, views, custody, application and reactions. */
export interface Installation {
  readonly custody: Custody;
  readonly keyPairs: KeyPairs;
  readonly processLog: ProcessLog;
  readonly nodeId: NodeId;
  readonly resources: ResourceDeps;
  readonly application: Application;
  readonly identityProviders: IdentityProviders;
  /** Nobody was ever made here: the first start. */
  readonly isFresh: boolean;
  hasDemo(): boolean;
  doorFor(portalUrl: string): Doors;
  notReady(): Promise<readonly string[]>;
  metrics(): readonly Metric[];
  /**
   * Sessions may go on for so long, or until `hurry` resolves; people in terminals are told, and those who still have
   * one at the end too.
   */
  drain(milliseconds: number, hurry: Promise<unknown>): Promise<void>;
  /** Resolves when the sessions that were told to end have their ends in the log, or after some seconds. */
  endingsLogged(): Promise<void>;
  close(): Promise<void>;
}

const sweepMilliseconds = 60_000;
/** How long a stop waits for the ends of its sessions to be logged; the next start closes the rest. */
const endingMilliseconds = 4_000;

/** How long one part may take to close; what hangs must not keep the log from being closed. */
const closingMilliseconds = 2_000;

export async function openInstallation(dataFolder: string, config: Config): Promise<Installation> {
  ensureDataFolder(dataFolder);
  const undo: (() => Promise<void> | void)[] = [lockDataFolder(dataFolder)];
  try {
    return await open(dataFolder, config, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

/** `undo` gets what closes each part as soon as it is open, first to last. */
async function open(dataFolder: string, config: Config, undo: (() => Promise<void> | void)[]): Promise<Installation> {
  const processLog = jsonLog(systemClock);
  const ids = uuidV7Ids();
  const custody = await openCustody(dataFolder, config.get('master.key'), (error) =>
    processLog.warn('a recording could not be looked at', { error }),
  );
  undo.push(() => custody.replays.close());
  writeFileSync(join(dataFolder, checkpointKeyFile), publicKeyPem(custody.signer.publicKey), { mode: 0o600 });
  const second = config.get('audit.checkpoints');
  const log = await openEventLog({
    folder: logFolder(dataFolder),
    catalogue: eventCatalogue,
    personKeys: custody.personKeys,
    signer: custody.signer,
    ...(second === undefined ? {} : { secondCheckpointPath: second }),
    onWarning: (warning) => processLog.warn(warning.message, { code: warning.code }),
  });
  undo.push(() => log.close());
  const views = await openViews({
    log,
    stores: sqliteViewStores(join(dataFolder, 'views')),
    onWarning: (message, fields) => processLog.warn(message, fields),
  });
  undo.push(() => views.close());
  await views.caughtUp();

  const nodeId = streamId(
    'node',
    nodeUuid(dataFolder, () => ids.uuid()),
  );
  const bootId = ids.uuid();
  const alarm = clockAlarm((newestEventAt, clockAt) => {
    processLog.error('the event log is ahead of the clock of this machine', { newestEventAt, clockAt });
    noteNode({ type: 'raise-clock-alarm', newestEventAt, clockAt }).catch((error: unknown) =>
      processLog.error('the clock alarm could not be logged', { error: String(error) }),
    );
  });
  const tools: CommandTools = { log, ids, now: nowOf(log, systemClock, alarm) };
  const noteNode = async (command: Parameters<typeof nodeDecider.decide>[0]): Promise<void> => {
    const context = { actor: { kind: 'system' as const, nodeId }, correlationId: ids.uuid(), causationId: null };
    await new StreamWriter(tools, nodeDecider, nodeId).run(context, command);
  };
  await noteNode({ type: 'start', bootId, version });

  const resolve = targetResolver(ownPorts(config));
  const zone = config.get('zone') ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const parts = { tools, views, zone, grants: new KeptGrants(custody.vault), ...custody };
  const resources: ResourceDeps = { ...parts, keyPairs, yaml, providerChecks: providerChecks(resolve) };
  const orphans = await closeOrphans(tools, views, { nodeId, bootId });
  if (orphans > 0) processLog.warn('sessions of an earlier run were closed', { sessions: orphans });
  await releaseOrphans(resources);
  const sweepNow = (): Promise<void> =>
    sweepPasses(parts).catch((error: unknown) =>
      processLog.warn('ended passes could not be swept', { error: String(error) }),
    );
  await sweepNow();
  await sweepFactorSecrets(parts).catch((error: unknown) =>
    processLog.warn('what proved removed factors could not be swept', { error: String(error) }),
  );

  const providers = await openIdentityProviders({
    log,
    views,
    vault: custody.vault,
    resolve,
    publicUrl: publicUrl(config),
    processLog,
  });
  undo.push(() => providers.close());
  const terminations = new Terminations();
  const activity = new LoginActivity();
  const admission: AdmitTools = {
    tools,
    views,
    zone,
    terminations,
    activity,
    processLog,
    recordings: custody.recordings,
    sessionsPerUser: integerSetting(config, 'limits.sessionsPerUser'),
    legs: {
      ssh: sshTargetTerminals({ vault: custody.vault, resolve }),
      postgres: postgresTargetDatabases({ vault: custody.vault, resolve }),
    },
    node: { nodeId, bootId },
  };
  const stop = new AbortController();
  const { brake, following } = await openGuessBrake({ tools, views, processLog, nodeId, config }, stop.signal);
  const head = await log.head();
  const reactions = Promise.all([
    following,
    // Cutting has a subscription of its own: nothing slow stands before a revocation.
    runReactions(log, [cutSessions(admission)], head, processLog, stop.signal),
    runReactions(
      log,
      [endPasses(parts), endFactors(parts), dropGrants(parts), prepareScreens(custody.replays)],
      head,
      processLog,
      stop.signal,
    ),
  ]);
  const sweep = setInterval(() => void sweepNow(), sweepMilliseconds).unref();
  const sync = startDirectorySync({ ...parts, providers, processLog, note: noteNode }, config);
  const health = new LogHealth(log, storageProbe(dataFolder), terminations, processLog);
  health.watch();

  return {
    custody,
    keyPairs,
    processLog,
    nodeId,
    resources,
    application: applicationOf({
      tools,
      views,
      activity,
      publicKeys,
      factorProofs: factorProofsOf(custody, publicUrl(config)),
      custody,
      resources,
      exportLines,
      scanners: { hostKeys: hostKeyScan({ resolve }), postgres: certificateScan({ resolve }) },
      zone,
      examine: examineProvider({ publicUrl: publicUrl(config), resolve }),
      logins: { providers, grants: parts.grants, brake, processLog },
    }),
    identityProviders: providers,
    isFresh: views.directory.count({ kind: 'user' }) === 0,
    hasDemo: () =>
      views.targetCatalogue.find({ where: { kind: 'target', name: 'demo-shell', withdrawn: 0 }, limit: 1 }).length > 0,
    doorFor: (portalUrl) => doorsOf({ admission, views, custody, brake }, portalUrl),
    notReady: () =>
      terminations.draining ? Promise.resolve(['draining: this process is about to stop']) : health.reasons(),
    metrics: () => [
      {
        name: 'sallyport_sessions_live',
        help: 'Sessions open on this installation.',
        type: 'gauge',
        value: views.liveSessions.count(),
      },
      syncMetric(sync),
    ],
    drain: async (milliseconds, hurry) => {
      terminations.drain();
      const seconds = String(Math.ceil(milliseconds / 1_000));
      if (milliseconds > 0) terminations.tell(`this proxy is shutting down; this session ends in ${seconds} seconds`);
      await within(milliseconds, Promise.race([terminations.none(), hurry]));
      terminations.terminate('all', 'shutdown', endMessage('shutdown'));
    },
    endingsLogged: () => terminations.endingsLogged(endingMilliseconds),
    close: async () => {
      clearInterval(sweep);
      await within(closingMilliseconds, sync.stop());
      await terminations.endingsLogged(endingMilliseconds);
      health.stop();
      stop.abort();
      await within(closingMilliseconds, reactions);
      await within(
        closingMilliseconds,
        noteNode({ type: 'stop', bootId }).catch(() => undefined),
      );
      for (const step of undo.reverse()) await step();
    },
  };
}

/** At most one alarm an hour. */
function clockAlarm(
  raise: (newestEventAt: string, clockAt: string) => void,
): (newestEventAt: string, clockAt: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (newestEventAt, clockAt) => {
    if (performance.now() - last < 3_600_000) return;
    last = performance.now();
    raise(newestEventAt, clockAt);
  };
}

const exportLines: SessionTools['exportLines'] = (reader, { format, follow, from, startedAt, title }) => {
  const records =
    follow === null ? reader.read({ fromMilliseconds: from }) : reader.follow(follow, { fromMilliseconds: from });
  if (format === 'asciicast') return asciicastLines({ startedAt, title }, records);
  return format === 'jsonl' ? jsonLines(records) : transcript(jsonLines(records));
};

/** As the command line makes it of the same lines. */
async function* transcript(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield* transcriptLines(JSON.parse(line) as Recorded);
}
