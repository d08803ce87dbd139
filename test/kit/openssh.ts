import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cutEverything, launchCuttingRelay } from './cutting-relay.ts';
import { lendOwnLogin } from './own-login.ts';
import { freePort } from './ports.ts';
import { launch } from './process.ts';
import { killTree } from './process-tree.ts';
import { addSystemAccount } from './system-account.ts';
import { makeTempDir } from './temp-dir.ts';

export interface SshdOptions {
  /** Listen here instead of on a new free port, to come back under the same address. */
  readonly port?: number;
  /** Lines for sshd_config, put before ours: the first value of a keyword counts. */
  readonly config?: readonly string[];
  /** Another path to sshd: its base name is the PAM service that it asks. */
  readonly program?: string;
  /** A seed: what is sent to and fro is cut into random pieces (cutting-relay.ts). */
  readonly cut?: number;
}

export interface Sshd {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** The public host key as it stands in a Target's trust: `ssh-ed25519 AAAA…`. */
  readonly hostKeyLine: string;
  /** A login of this machine (made for this server alone, or this user's own when not root) that may log in by `password` and by `userKeyPem`. */
  readonly username: string;
  readonly password: string;
  /** The private user key in OpenSSH's own format. */
  readonly userKeyPem: string;
  readonly userPublicKeyLine: string;
  /** The home folder of `username`. */
  readonly home: string;
  /** The server's own process. */
  readonly pid: number;
  /** What the server has written to its log so far. */
  log(): string;
  /** Ends the server and every session on it, and removes the login. */
  stop(): Promise<void>;
}

/** Starts a real sshd that is stopped when the running test has ended. Only inside a test. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const sshd = await launchSshd(options);
  onTestFinished(async () => {
    await sshd.stop();
  });
  return sshd;
}

/** The same for `beforeAll`, where the caller stops it. */
export async function launchSshd(options: SshdOptions = {}): Promise<Sshd> {
  const dir = makeTempDir();
  const home = join(dir.path, 'home');
  mkdirSync(home);
  // sshd reads the key list, and the shell its home, with the rights of the login.
  chmodSync(dir.path, 0o711);
  const root = process.getuid?.() === 0;
  const account = root ? await addSystemAccount(home) : await lendOwnLogin(dir.path, home);
  chmodSync(home, 0o777);
  const { cut = cutEverything } = options;
  const shownPort = options.port ?? (await freePort());
  const port = cut === undefined ? shownPort : await freePort();
  for (const key of ['host', 'user']) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(dir.path, key)]);
  }
  copyFileSync(join(dir.path, 'user.pub'), join(dir.path, 'authorized'));
  const config = [...(options.config ?? []), ...ownConfig(dir.path, port, account.username)];
  writeFileSync(join(dir.path, 'sshd_config'), `${config.join('\n')}\n`);
  if (root) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });

  const server = launch(options.program ?? '/usr/sbin/sshd', ['-D', '-e', '-f', join(dir.path, 'sshd_config')], {
    env: { ...process.env, ...account.env },
  });
  const relay =
    cut === undefined
      ? undefined
      : await launchCuttingRelay({ to: () => ({ host: '127.0.0.1', port }), seed: cut, port: shownPort });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await relay?.close();
    killTree(server.pid);
    await server.exited;
    await account.remove();
    dir.remove();
  };
  try {
    await server.line(/Server listening on 127\.0\.0\.1/);
  } catch (error) {
    await stop();
    throw error;
  }
  const text = (name: string): string => readFileSync(join(dir.path, name), 'utf8');
  return {
    host: '127.0.0.1',
    port: shownPort,
    hostKeyLine: text('host.pub').trim(),
    username: account.username,
    password: account.password,
    userKeyPem: text('user'),
    userPublicKeyLine: text('user.pub').trim(),
    home,
    pid: server.pid,
    log: () => server.stderr(),
    stop: async () => {
      stopped ??= stop();
      await stopped;
    },
  };
}

function ownConfig(dir: string, port: number, username: string): string[] {
  return [
    `Port ${String(port)}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(dir, 'host')}`,
    `PidFile ${join(dir, 'pid')}`,
    `AuthorizedKeysFile ${join(dir, 'authorized')}`,
    `AllowUsers ${username}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'Subsystem sftp internal-sftp',
    'PrintMotd no',
    'PrintLastLog no',
    'UseDNS no',
    // Enough for a burst of parallel sessions; sshd's own default drops at random from the 10th waiting login on.
    'MaxStartups 500',
    'MaxSessions 500',
    'LogLevel VERBOSE',
  ];
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const tool = launch(command, args);
  const { code } = await tool.exited;
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${tool.stderr()}`);
}
