import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { hasNativeCiphers } from '../../proxies/ssh/server.ts';
import type { Config } from '../config.ts';
import { ownerOf } from '../data-folder.ts';
import { readDoors } from '../doors.ts';
import { type Finding, ok, problem, warning } from '../../application/finding.ts';

const deadlineMilliseconds = 5_000;
const day = 86_400_000;

/** Whether the doors of a running installation answer; of a stopped one, that it is stopped. */
export async function checkDoors(dataFolder: string): Promise<readonly Finding[]> {
  const owner = ownerOf(dataFolder);
  if (owner === null) return [warning('process', 'the installation is not running', '`sallyport start` starts it')];
  const doors = readDoors(dataFolder);
  if (doors === undefined)
    return [warning('process', `${owner} runs, and is not ready yet`, 'wait, and look at its output')];
  const web = doors.url === null ? null : new URL(doors.url);
  const places = [
    ...(web === null ? [] : [{ door: 'web', host: web.hostname, port: Number(web.port || 443) }]),
    ...(doors.ssh === null ? [] : [{ door: 'ssh', ...doors.ssh }]),
    ...(doors.postgres === null ? [] : [{ door: 'postgres', ...doors.postgres }]),
  ];
  const answers = await Promise.all(places.map(checkDoor));
  const ready = doors.diagnostics === null ? [] : [await checkReady(doors.diagnostics)];
  return [ok('process', `${owner} runs`), ...answers, ...ready];
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** An address to connect to for one that was listened on. */
function reachable(host: string): string {
  const bare = host.replaceAll(/[[\]]/g, '');
  if (bare === '0.0.0.0') return '127.0.0.1';
  return bare === '::' ? '::1' : bare;
}

function checkDoor({ door, host, port }: Place & { readonly door: string }): Promise<Finding> {
  return new Promise((resolve) => {
    const socket = connect({ host: reachable(host), port, timeout: deadlineMilliseconds });
    const done = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    const shut = (why: string): void =>
      done(
        problem(
          door,
          `${host}:${port} does not answer: ${why}`,
          'look at the output of the process, and start it again',
        ),
      );
    socket.on('connect', () => done(ok(door, `${host}:${port} answers`)));
    socket.on('error', (error) => shut(error.message));
    socket.on('timeout', () => shut('no answer in time'));
  });
}

async function checkReady({ host, port }: Place): Promise<Finding> {
  const name = reachable(host);
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}/readyz`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(deadlineMilliseconds) });
    const { ready, reasons } = (await response.json()) as {
      readonly ready: boolean;
      readonly reasons: readonly string[];
    };
    if (ready) return ok('ready', 'everything is at work');
    return problem('ready', reasons.join('; '), 'mend what the reasons say; it heals without a restart');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return problem('ready', `${url} does not answer: ${message}`, 'look at the output of the process');
  }
}

/** The CA of this installation, and the certificate that was given for the web. */
export function checkCertificates(dataFolder: string, config: Config | null): readonly Finding[] {
  const given = config?.get('tls.certificate');
  return [
    checkCertificate('CA certificate', join(dataFolder, 'ca.pem')),
    ...(given === undefined ? [] : [checkCertificate('web certificate', given)]),
  ];
}

function checkCertificate(name: string, file: string): Finding {
  let until: Date;
  try {
    until = new X509Certificate(readFileSync(file)).validToDate;
  } catch {
    return warning(
      name,
      `${file} cannot be read as a certificate`,
      'start once to have the own one made, or mend the file',
    );
  }
  const left = Math.floor((until.getTime() - Date.now()) / day);
  const message = `valid until ${until.toISOString()}`;
  if (left < 0) return problem(name, `${file} has ended: ${message}`, 'renew it and start again');
  return left < 30 ? warning(name, `${file} ends soon: ${message}`, 'renew it and start again') : ok(name, message);
}

export function checkRuntime(): readonly Finding[] {
  const node = Number(process.versions.node.split('.')[0]);
  return [
    node >= 24
      ? ok('node', process.version)
      : problem(
          'node',
          `${process.version} is too old`,
          'run by `npm start` or bin/sallyport.mjs, which bring Node 24',
        ),
    hasNativeCiphers()
      ? ok('ciphers', 'ssh2 has its native ciphers')
      : warning(
          'ciphers',
          'SSH runs at half the speed',
          'install a C++ compiler (g++, make, python3), then start again by `npm start`',
        ),
  ];
}
