import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { launch } from '../kit/process.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import type { Finished, Product } from './product.ts';

/** A person's machine: a folder of its own as home, with the settings that each client reads there. */
export interface Machine {
  readonly home: string;
  /**
   * Runs a bash script in the home folder. In it: the targets as hosts of `$CONFIG`; `$ASK` before ssh, scp and sftp types
   * the token; rsync and git use it by themselves; `$PUTTY` holds what PuTTY's tools need, before the target.
   */
  run(script: string, input?: string | Uint8Array): Promise<Finished>;
  remove(): void;
}

export interface MachineOptions {
  readonly product: Pick<Product, 'dataFolder' | 'sshPort'>;
  readonly secret: string;
  /** Login names by the host names under which the configuration of OpenSSH has them. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** The caller removes it. */
export function launchMachine({ product, secret, hosts, env: more = {} }: MachineOptions): Machine {
  const { path: home, remove } = makeTempDir();
  const keys = readFileSync(join(product.dataFolder, 'ssh_host_keys.pub'), 'utf8').trim().split('\n');
  const port = String(product.sshPort);
  const known = join(home, 'known_hosts');
  writeFileSync(known, keys.map((key) => `[127.0.0.1]:${port} ${key}\n`).join(''));
  const host = ([name, login]: readonly [string, string]): string =>
    `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n  User ${login}\n`;
  const rest = `Host *\n  UserKnownHostsFile ${known}\n  StrictHostKeyChecking yes\n  PubkeyAuthentication no\n  NumberOfPasswordPrompts 1\n`;
  const config = join(home, 'config');
  writeFileSync(config, `${Object.entries(hosts).map(host).join('')}${rest}`);
  const token = join(home, 'token.txt');
  writeFileSync(token, secret, { mode: 0o600 });
  mkdirSync(join(home, '.putty'));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    SSHPASS: secret,
    CONFIG: config,
    KNOWN_HOSTS: known,
    PORT: port,
    ASK: 'sshpass -e',
    RSYNC_RSH: `sshpass -e ssh -F ${config}`,
    GIT_SSH_COMMAND: `sshpass -e ssh -F ${config}`,
    GIT_AUTHOR_NAME: 'Alice',
    GIT_AUTHOR_EMAIL: 'alice@example.org',
    GIT_COMMITTER_NAME: 'Alice',
    GIT_COMMITTER_EMAIL: 'alice@example.org',
    PUTTY: `-batch -P ${port} -pwfile ${token} -hostkey ${fingerprint(keys[0] ?? '')}`,
    ...more,
  };
  return {
    home,
    run: async (script, input) => {
      // Its input is a socket, at which bash would take itself for a remote shell and read its settings.
      const words = ['--norc', '-euo', 'pipefail', '-c', script];
      const running = launch('bash', words, { cwd: home, env, ...(input === undefined ? {} : { input }) });
      const exit = await running.exited;
      return { ...exit, stdout: running.stdout(), stdoutBytes: running.stdoutBytes(), stderr: running.stderr() };
    },
    remove,
  };
}

/** As `launchMachine`, removed when the running test has ended. */
export function startMachine(options: MachineOptions): Machine {
  const machine = launchMachine(options);
  onTestFinished(machine.remove);
  return machine;
}

/** What went to the person according to the recording of a session, byte for byte, by channel in the order they began. */
export async function recordedOutput(product: Product, session: string): Promise<readonly Buffer[]> {
  const { stdout } = await product.cli(['recordings', 'export', session, '--as', 'jsonl']);
  const channels = new Map<number, Buffer[]>();
  for (const line of stdout.split('\n').filter((text) => text !== '')) {
    const { kind, channel, text, base64 } = JSON.parse(line) as Partial<Record<string, string>> & { channel: number };
    const pieces = channels.get(channel) ?? [];
    channels.set(channel, pieces);
    if (kind === 'output' || kind === 'stderr')
      pieces.push(text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text));
  }
  return [...channels.values()].map((pieces) => Buffer.concat(pieces));
}

function fingerprint(publicKeyLine: string): string {
  const blob = Buffer.from(publicKeyLine.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
