import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Refused, UsageError } from './errors.ts';

/** Which server to talk to, and whose certificates to trust (undefined: the system's). */
export interface Installation {
  readonly server: URL;
  readonly ca: string | undefined;
  /** Where those stand, as an absolute path. */
  readonly caFile: string | undefined;
}

export interface InstallationOptions {
  readonly server: string | undefined;
  readonly ca: string | undefined;
  readonly data: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Options before environment. A server is named by `--server` or `SALLYPORT_SERVER`; else the local installation in the
 * data folder (default `./data`) tells its address by `server.json`. Its `ca.pem` is trusted unless `--ca` or
 * `SALLYPORT_CA` names another one; without `--data` for its own address alone.
 */
export function findInstallation({ data, server, ca, environment }: InstallationOptions): Installation {
  const folder = data ?? environment.SALLYPORT_DATA ?? 'data';
  const named = server ?? (data === undefined ? environment.SALLYPORT_SERVER : undefined);
  const url = parseServer(named ?? localServer(folder));
  const isOurs = data !== undefined || named === undefined || isLocal(folder, url);
  const caFile = ca ?? environment.SALLYPORT_CA ?? (isOurs ? localCa(folder) : undefined);
  return caFile === undefined
    ? { server: url, ca: undefined, caFile }
    : { server: url, ca: readCa(caFile), caFile: resolve(caFile) };
}

/** The port of SSH unless an installation says otherwise (CONTRACT, section 3). */
const usualSshPort = 2222;

/** Where SSH clients connect: as the local installation says if it is this one, else the usual port. */
export function sshDoorOf(folder: string, server: URL): { readonly host: string; readonly port: number } {
  return { host: server.hostname, port: (isLocal(folder, server) ? localSshPort(folder) : null) ?? usualSshPort };
}

function localSshPort(folder: string): number | null {
  const { ssh } = JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8')) as { readonly ssh?: unknown };
  const isDoor = typeof ssh === 'object' && ssh !== null && 'port' in ssh;
  return isDoor && typeof ssh.port === 'number' ? ssh.port : null;
}

/** Whether the installation in this folder answers at this address. */
function isLocal(folder: string, url: URL): boolean {
  try {
    return parseServer(localServer(folder)).origin === url.origin;
  } catch {
    return false;
  }
}

function localServer(folder: string): string {
  const file = join(folder, 'server.json');
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && 'url' in parsed && typeof parsed.url === 'string')
      return parsed.url;
  } catch (error) {
    throw new Refused(
      `no server named, and ${file} cannot be read; name one with --server URL or a local one with --data DIR`,
      [error instanceof Error ? error.message : String(error)],
    );
  }
  throw new Refused(`${file} holds no address; start the installation again, or name the server with --server URL`);
}

function localCa(folder: string): string | undefined {
  const file = join(folder, 'ca.pem');
  return existsSync(file) ? file : undefined;
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Refused(`cannot read the CA certificate ${file}; name a readable PEM file with --ca FILE`);
  }
}

function parseServer(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:')
    throw new UsageError(`${text} is no https:// address; write for example https://localhost:8443`);
  return url;
}
