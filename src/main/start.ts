import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DoorPorts } from '../adapters/api/routes.ts';
import { startDiagnostics } from '../adapters/http/diagnostics.ts';
import { startWeb } from '../adapters/http/web-server.ts';
import type { ProcessLog } from '../application/ports/system.ts';
import { within } from '../application/within.ts';
import { openStatementParser } from '../adapters/postgres-parser/parser.ts';
import { startPostgresProxy } from '../proxies/postgres/server.ts';
import { startSshProxy } from '../proxies/ssh/server.ts';
import { browserTerminals } from './browser-terminals.ts';
import { type Address, addressSetting, type Config, durationSetting, integerSetting } from './config.ts';
import { sshHostKeys } from './custody.ts';
import { opening, writeDoors } from './doors.ts';
import { openDemo } from './demo.ts';
import { deviceLogins } from './device-flow.ts';
import { createFirstAdmin, drawPassword } from './first-start.ts';
import { type Installation, openInstallation } from './installation.ts';
import { publicUrl } from './public-url.ts';
import { type ServerCertificates, serverCertificates } from './server-certificates.ts';
import { webRoutes, type WebRoutesDeps, webSockets } from './web-routes.ts';
import { builtWebUi } from './web-ui.ts';

/** How long closing may take: a door, and all behind the doors with the last events of every session. */
const doorMilliseconds = 2_000;
const installationMilliseconds = 8_000;

export interface StartOptions {
  readonly dataFolder: string;
  readonly config: Config;
  readonly demo: boolean;
  /** Told at once when this start makes the first admin with a drawn password, so that no later failure loses it. */
  readonly onFirstPassword: (password: string) => void;
}

export interface Running {
  readonly installation: Installation;
  readonly url: string | null;
  /** As people on this machine reach them. */
  readonly ssh: Address | null;
  readonly postgres: Address | null;
  readonly demo: boolean;
  /**
   * No new connections; sessions may go on for so long, or until `hurry` resolves, and are ended with a word; everything
   * is logged and closed. What hangs is left behind after a few seconds.
   */
  stop(drainMilliseconds: number, hurry: Promise<unknown>): Promise<void>;
}

/** Starts everything in this process. Doors open last, when all behind them is ready (O2). */
export async function start(options: StartOptions): Promise<Running> {
  const closers: (() => Promise<void> | void)[] = [];
  let ready: Installation | null = null;
  try {
    // Open from the first moment, so that probes see why nothing else is (CONTRACT section 3).
    closers.push(await openDiagnostics(options.config, () => ready));
    const installation = await openInstallation(options.dataFolder, options.config);
    closers.push(inTime(installation.processLog, installationMilliseconds, () => installation.close()));
    const running = await openDoors(options, installation, closers);
    ready = installation;
    return running;
  } catch (error) {
    for (const close of closers.reverse()) await close();
    throw error;
  }
}

async function openDoors(
  { config, demo, dataFolder, onFirstPassword }: StartOptions,
  installation: Installation,
  closers: (() => Promise<void> | void)[],
): Promise<Running> {
  const { custody, nodeId, resources, processLog } = installation;
  const fresh = installation.isFresh;
  if (fresh) {
    const given = config.get('admin.password');
    const password = given ?? drawPassword();
    await createFirstAdmin(resources, nodeId, password);
    if (given === undefined) onFirstPassword(password);
  }
  const withDemo = demo && (fresh || installation.hasDemo());
  if (withDemo) closers.push(inTime(processLog, doorMilliseconds, await openDemo(installation)));

  const certificates = await serverCertificates(installation, config, dataFolder);
  closers.push(() => certificates.stop());
  const web = addressSetting(config, 'listen.web');
  const url = web === null ? null : `https://${displayHost(web.host)}:${String(web.port)}`;
  const pages = publicUrl(config);
  const devices = deviceLogins(installation, pages);
  const ssh = addressSetting(config, 'listen.ssh');
  const postgres = addressSetting(config, 'listen.postgres');
  const ports = { ssh: ssh?.port ?? null, postgres: postgres?.port ?? null };
  const shut: (() => Promise<void>)[] = [];
  if (web !== null) {
    const close = await opening('listen.web', web, () =>
      openWeb(installation, certificates, web, ports, {
        flow: devices.flow,
        url: pages ?? '',
        terminals: browserTerminals(installation, config, pages ?? ''),
      }),
    );
    closers.push(inTime(processLog, doorMilliseconds, close));
    // A terminal in a page shows its last words before that, and has said why it ends.
    closers.push(() => installation.endingsLogged());
  }

  if (ssh !== null) {
    const keys = await sshHostKeys(custody);
    writeFileSync(join(dataFolder, 'ssh_host_keys.pub'), keys.map((key) => `${key.publicKey}\n`).join(''), {
      mode: 0o600,
    });
    const proxy = await opening('listen.ssh', ssh, () =>
      startSshProxy({
        door: installation.doorFor(pages ?? 'this installation'),
        browserLogin: devices.ssh,
        ...ssh,
        hostKeys: keys.map((key) => key.privateKey),
        limits: {
          ...waitingLimits(config),
          tries: integerSetting(config, 'limits.loginTries'),
          channels: integerSetting(config, 'limits.channels'),
        },
      }),
    );
    closers.push(inTime(processLog, doorMilliseconds, () => proxy.close()));
    shut.push(inTime(processLog, doorMilliseconds, () => proxy.shut()));
  }
  if (postgres !== null) {
    const parser = await openStatementParser();
    const proxy = await opening('listen.postgres', postgres, () =>
      startPostgresProxy({
        door: installation.doorFor(pages ?? 'this installation'),
        ...postgres,
        tls: certificates.current,
        parser,
        limits: waitingLimits(config),
      }),
    );
    certificates.onRenewed((tls) => proxy.renew(tls));
    closers.push(inTime(processLog, doorMilliseconds, () => proxy.close()));
    shut.push(inTime(processLog, doorMilliseconds, () => proxy.shut()));
  }
  const diagnostics = addressSetting(config, 'listen.diagnostics');
  writeDoors(dataFolder, { url, publicUrl: pages, ssh, postgres, diagnostics });
  processLog.info('ready', { web: url, ssh: placeOf(ssh), postgres: placeOf(postgres) });
  return {
    installation,
    url,
    ssh: displayed(ssh),
    postgres: displayed(postgres),
    demo: withDemo,
    stop: async (drainMilliseconds, hurry) => {
      // The web closes after the drain: until then sessions can be looked at, ended and revoked.
      await Promise.all(shut.map(async (one) => one()));
      await installation.drain(drainMilliseconds, hurry);
      for (const close of closers.reverse()) await close();
    },
  };
}

/** What every proxy's door allows those who have not logged in. */
function waitingLimits(config: Config): {
  readonly waiting: number;
  readonly waitingPerSource: number;
  readonly graceMilliseconds: number;
} {
  return {
    waiting: integerSetting(config, 'limits.unauthenticated'),
    waitingPerSource: integerSetting(config, 'limits.unauthenticatedPerSource'),
    graceMilliseconds: durationSetting(config, 'limits.loginGrace'),
  };
}

/** An error, or a part that hangs, keeps nothing after it from being closed. */
function inTime(processLog: ProcessLog, milliseconds: number, close: () => unknown): () => Promise<void> {
  return async () => {
    const closing = (async () => {
      await close();
      return true;
    })().catch((error: unknown) =>
      processLog.error('a part of this process could not be closed', { error: String(error) }),
    );
    const timer = setTimeout(
      () => processLog.error('a part of this process takes too long to close, and is left behind'),
      milliseconds,
    );
    await within(milliseconds, closing);
    clearTimeout(timer);
  };
}

/** Not ready until every door is open, then as the installation says. Gives what closes it. */
async function openDiagnostics(config: Config, ready: () => Installation | null): Promise<() => Promise<void>> {
  const listen = addressSetting(config, 'listen.diagnostics');
  if (listen === null) return () => Promise.resolve();
  const server = await opening('listen.diagnostics', listen, () =>
    startDiagnostics({
      listen,
      notReady: () => ready()?.notReady() ?? ['starting: the log is being opened and the views catch up'],
      metrics: () => ready()?.metrics() ?? [],
    }),
  );
  return () => server.close();
}

async function openWeb(
  { application, processLog, custody, identityProviders }: Installation,
  certificates: ServerCertificates,
  listen: Address,
  ports: DoorPorts,
  faces: Pick<WebRoutesDeps, 'flow' | 'url' | 'terminals'>,
): Promise<() => Promise<void>> {
  const warn = (message: string, error: unknown): void => processLog.warn(message, { error: String(error) });
  const ui = await builtWebUi(processLog);
  const server = await startWeb({
    listen,
    tls: certificates.current,
    routes: webRoutes({
      ...{ application, sealing: custody.sealing, identityProviders, ...faces, ports, ui, warn },
      ca: certificates.ca,
    }),
    sockets: webSockets(faces),
    viewerOf: (secret, isUse) => application.viewerOf(secret, isUse),
    onWarning: warn,
  });
  certificates.onRenewed((tls) => server.renew(tls));
  let closed: Promise<void> | undefined;
  return async () => await (closed ??= server.close());
}

function placeOf(door: Address | null): string | null {
  return door === null ? null : `${door.host}:${String(door.port)}`;
}

function displayed(door: Address | null): Address | null {
  return door === null ? null : { host: displayHost(door.host).replaceAll(/[[\]]/g, ''), port: door.port };
}

/** How a person on this machine reaches a listening address. */
function displayHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '127.0.0.1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
