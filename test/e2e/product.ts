import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cutEverything, launchCuttingRelay } from '../kit/cutting-relay.ts';
import { freePort } from '../kit/ports.ts';
import { launch, type Running, type StartOptions } from '../kit/process.ts';
import type { Sshd } from '../kit/openssh.ts';
import { makeTempDir } from '../kit/temp-dir.ts';

const bin = join(import.meta.dirname, '../../bin/sallyport.mjs');

export interface Product {
  readonly dataFolder: string;
  readonly sshPort: number;
  readonly postgresPort: number;
  readonly webPort: number;
  readonly diagnosticsPort: number;
  readonly adminPassword: string;
  /** The process that runs now. */
  running(): Running;
  /** Ends the process itself (not its launcher) with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same data folder and ports. */
  restart(): Promise<void>;
  /** Runs the command line as somebody (admin by default), and expects it to succeed unless `code` says otherwise. */
  cli(
    args: readonly string[],
    options?: CliOptions,
  ): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number | null }>;
  /** How to run the command line for longer, as `cli` would. */
  cliCommand(
    args: readonly string[],
    options?: CliOptions,
  ): { readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
  /** As `cli` with `--format json`, parsed. */
  json<T>(args: readonly string[], options?: CliOptions): Promise<T>;
  stop(): Promise<void>;
}

export interface CliOptions {
  readonly user?: string;
  readonly password?: string;
  readonly input?: string;
  /** The exit code that is expected; null: any. */
  readonly code?: number | null;
}

const path = process.env.PATH ?? '';

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end; also outside of a test. */
export async function finished(command: string, args: readonly string[], options: StartOptions): Promise<Finished> {
  const running = launch(command, args, options);
  const exit = await running.exited;
  return { ...exit, stdout: running.stdout(), stdoutBytes: running.stdoutBytes(), stderr: running.stderr() };
}

/** Starts the product as a person would, on free ports of this machine. The caller stops it. */
export async function launchProduct(
  options: {
    readonly demo?: boolean;
    readonly env?: Readonly<Record<string, string>>;
    readonly dataFolder?: string;
    /** The first admin's password, and in a file instead of in the environment. */
    readonly passwordInFile?: string;
    /** A seed: what native clients send and get is cut into random pieces (cutting-relay.ts). Null: never. */
    readonly cut?: number | null;
  } = {},
): Promise<Product> {
  const folder = makeTempDir();
  const dataFolder = options.dataFolder ?? join(folder.path, 'data');
  const [webPort, sshPort, diagnosticsPort] = [await freePort(), await freePort(), await freePort()];
  const postgresPort = await freePort();
  const adminPassword = options.passwordInFile ?? 'correct horse battery staple';
  const passwordFile = join(folder.path, 'admin-password');
  if (options.passwordInFile !== undefined) writeFileSync(passwordFile, `${adminPassword}\n`, { mode: 0o600 });
  const { cut = cutEverything } = options;
  // The relay stands before the same port, since that is the one that the product tells people.
  const sshHost = cut === null || cut === undefined ? '127.0.0.1' : '127.0.0.2';
  const env = {
    PATH: path,
    HOME: folder.path,
    SALLYPORT_LISTEN_WEB: `127.0.0.1:${String(webPort)}`,
    SALLYPORT_LISTEN_SSH: `${sshHost}:${String(sshPort)}`,
    SALLYPORT_LISTEN_POSTGRES: `${sshHost}:${String(postgresPort)}`,
    SALLYPORT_LISTEN_DIAGNOSTICS: `127.0.0.1:${String(diagnosticsPort)}`,
    ...(options.passwordInFile === undefined
      ? { SALLYPORT_ADMIN_PASSWORD: adminPassword }
      : { SALLYPORT_ADMIN_PASSWORD_FILE: passwordFile }),
    // Everybody in these tests knocks from 127.0.0.1, and much of that has to fail.
    SALLYPORT_LIMITS_FAILURES_PER_NETWORK: '1000000',
    SALLYPORT_LIMITS_FAILURES_PER_USER: '1000000',
    ...options.env,
  };
  const start = async (): Promise<Running> => {
    const args = [bin, 'start', '--data', dataFolder, ...(options.demo === true ? [] : ['--no-demo'])];
    const running = launch(process.execPath, args, { env, cwd: folder.path });
    try {
      await running.line(/^Sallyport is ready/, 60_000);
    } catch (error) {
      await running.stop('SIGKILL');
      throw error;
    }
    return running;
  };
  let running = await start();
  const relays =
    cut === null || cut === undefined
      ? []
      : await Promise.all(
          [sshPort, postgresPort].map((port) =>
            launchCuttingRelay({ to: () => ({ host: sshHost, port }), seed: cut, port }),
          ),
        );
  const cliCommand: Product['cliCommand'] = (args, cliOptions = {}) => ({
    command: process.execPath,
    args: [bin, ...args, '--data', dataFolder],
    env: {
      PATH: path,
      HOME: folder.path,
      SALLYPORT_USER: cliOptions.user ?? 'admin',
      SALLYPORT_PASSWORD: cliOptions.password ?? adminPassword,
    },
  });
  const cli: Product['cli'] = async (args, cliOptions = {}) => {
    const { command, args: all, env: environment } = cliCommand(args, cliOptions);
    const result = await finished(command, all, {
      cwd: folder.path,
      env: environment,
      ...(cliOptions.input === undefined ? {} : { input: cliOptions.input }),
    });
    const expected = cliOptions.code === undefined ? 0 : cliOptions.code;
    if (expected !== null && result.code !== expected) {
      throw new Error(
        `sallyport ${args.join(' ')} ended with ${String(result.code)}\n${result.stdout}\n${result.stderr}`,
      );
    }
    return result;
  };
  return {
    dataFolder,
    sshPort,
    postgresPort,
    webPort,
    diagnosticsPort,
    adminPassword,
    running: () => running,
    kill: async () => {
      process.kill(Number(readFileSync(join(dataFolder, 'process.pid'), 'utf8')), 'SIGKILL');
      await running.exited;
    },
    restart: async () => {
      running = await start();
    },
    cli,
    cliCommand,
    json: async <T>(args: readonly string[], cliOptions?: CliOptions): Promise<T> => {
      return JSON.parse((await cli([...args, '--format', 'json'], cliOptions)).stdout) as T;
    },
    stop: async () => {
      await running.stop('SIGINT');
      await Promise.all(relays.map((relay) => relay.close()));
      folder.remove();
    },
  };
}

/** As `launchProduct`, stopped when the running test has ended. */
export async function startProduct(options: Parameters<typeof launchProduct>[0] = {}): Promise<Product> {
  const product = await launchProduct(options);
  onTestFinished(() => product.stop());
  return product;
}

/** A target with one account by password on a real sshd, and everybody's right to it. */
export function sshdResources(sshd: Sshd, name = 'box', extra = ''): string {
  return `
apiVersion: sallyport/v1
kind: Target
metadata: {name: ${name}}
spec:
  protocol: ssh
  address: 127.0.0.1:${String(sshd.port)}
  trust: {hostKeys: ["${sshd.hostKeyLine}"]}
---
apiVersion: sallyport/v1
kind: Credential
metadata: {name: ${name}}
spec: {password: ${JSON.stringify(sshd.password)}}
---
apiVersion: sallyport/v1
kind: Account
metadata: {name: ${name}}
spec: {target: ${name}, username: ${sshd.username}, credential: {password: ${name}}}
---
apiVersion: sallyport/v1
kind: Entitlement
metadata: {name: ${name}}
spec: {access: {targets: [${name}]}, recording: required${extra}}
---
apiVersion: sallyport/v1
kind: Policy
metadata: {name: ${name}}
spec: {assign: "true", entitlements: [${name}]}
`;
}

export interface Token {
  readonly id: string;
  readonly secret: string;
  readonly expiresAt: string;
}

/** Runs OpenSSH's client through the proxy with a token as password. */
export async function ssh(
  product: Product,
  login: string,
  secret: string,
  args: readonly string[],
  options: { readonly input?: string | Uint8Array; readonly sshOptions?: readonly string[] } = {},
): Promise<Finished> {
  const { command, env } = sshCommand(product, login, secret, options.sshOptions);
  return finished('sshpass', [...command, ...args], {
    env,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
}

export function sshCommand(
  product: Pick<Product, 'dataFolder' | 'sshPort'>,
  login: string,
  secret: string,
  sshOptions: readonly string[] = [],
): { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const knownHosts = join(product.dataFolder, '..', `known_hosts-${String(product.sshPort)}`);
  const keys = join(product.dataFolder, 'ssh_host_keys.pub');
  // Others may be reading it: it is there as a whole, or not yet.
  const written = `${knownHosts}-${randomUUID()}`;
  writeFileSync(written, hostLines(keys, product.sshPort));
  renameSync(written, knownHosts);
  return {
    command: [
      '-e',
      'ssh',
      '-F',
      'none',
      '-o',
      'StrictHostKeyChecking=yes',
      '-o',
      `UserKnownHostsFile=${knownHosts}`,
      '-o',
      'PubkeyAuthentication=no',
      '-o',
      'NumberOfPasswordPrompts=1',
      ...sshOptions,
      '-p',
      String(product.sshPort),
      '-l',
      login,
      '127.0.0.1',
    ],
    env: { PATH: path, SSHPASS: secret },
  };
}

function hostLines(file: string, port: number): string {
  const keys = readLines(file);
  return keys.map((key) => `[127.0.0.1]:${String(port)} ${key}\n`).join('');
}

function readLines(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
