import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasNativeCiphers } from '../../../src/proxies/ssh/server.ts';
import { launchProduct, type Product, type Token } from '../../e2e/product.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { launch, type Running } from '../../kit/process.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';

/** Two roads to one and the same sshd: through the product, and through OpenSSH's own jump (`ssh -J`). */
export interface SshPaths {
  /**
   * Runs a shell line in which `$SSH` stands for the ssh client with all its options and the destination, and `$SFTP` for
   * the sftp client, which takes its commands from standard input.
   */
  ours(line: string): Promise<Measured>;
  jump(line: string): Promise<Measured>;
  /** Starts `$SSH` with these words after it, for as long as the caller likes. */
  startOurs(options: readonly string[], command: string): Running;
  startJump(options: readonly string[], command: string): Running;
  /** The product of the first road. */
  readonly product: Product;
  /** The home folder of the login on the target, as this machine sees it. */
  readonly home: string;
  /** Process ids of the product and of the jump host's sshd. */
  readonly pids: { readonly ours: number; readonly jump: number };
}

export interface Measured {
  readonly stdout: string;
  readonly milliseconds: number;
}

/** The same cipher and key exchange on every hop, so that the roads differ in nothing but who stands between. */
const pinned = `
  Ciphers aes128-gcm@openssh.com
  KexAlgorithms curve25519-sha256
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
  IdentitiesOnly yes
`;

/** Runs a bench on both roads, and closes them. An error when ssh2 has only its slow ciphers here. */
export async function onSshPaths(work: (paths: SshPaths) => Promise<unknown>): Promise<void> {
  if (!hasNativeCiphers()) {
    throw new Error(
      'ssh2 has no native ciphers here, so this would measure something else: install a C++ compiler and run `npm start` again',
    );
  }
  const paths = await openSshPaths();
  try {
    await work(paths);
  } finally {
    await paths.close();
  }
}

/** Starts the product with recording on, a jump host and a target. The target is logged in to by an ed25519 key. */
async function openSshPaths(): Promise<SshPaths & { close(): Promise<void> }> {
  const dir = makeTempDir();
  const [product, jump, target] = await Promise.all([launchProduct(), launchSshd(), launchSshd()]);
  await product.cli(['apply', '-f', '-'], { input: resources(target) });
  const token = await product.json<Token>(['token', 'create']);
  const host = (name: string, sshd: Sshd, more = ''): string => {
    const key = join(dir.path, `${name}.key`);
    writeFileSync(key, sshd.userKeyPem, { mode: 0o600 });
    return `Host ${name}\n  HostName 127.0.0.1\n  Port ${String(sshd.port)}\n  User ${sshd.username}\n  IdentityFile ${key}\n${more}`;
  };
  const config = join(dir.path, 'config');
  const ours = `Host ours\n  HostName 127.0.0.1\n  Port ${String(product.sshPort)}\n  User admin~box\n  PubkeyAuthentication no\n`;
  writeFileSync(config, `${ours}${host('jump', jump)}${host('box', target, '  ProxyJump jump\n')}Host *${pinned}`);
  const env = { PATH: process.env.PATH ?? '', SSHPASS: token.secret };
  const run = async (line: string, ask: string, name: string): Promise<Measured> => {
    const clients = {
      SSH: `${ask}ssh -F ${config} ${name}`,
      SFTP: `${ask}sftp -q -F ${config} -oBatchMode=no -b - ${name}`,
    };
    const from = performance.now();
    const running = launch('/bin/sh', ['-c', `set -e; ${line}`], { env: { ...env, ...clients } });
    const { code } = await running.exited;
    const milliseconds = performance.now() - from;
    if (code !== 0) throw new Error(`${line} ended with ${String(code)}: ${running.stderr()}`);
    return { stdout: running.stdout(), milliseconds };
  };
  return {
    ours: (line) => run(line, 'sshpass -e ', 'ours'),
    jump: (line) => run(line, '', 'box'),
    startOurs: (options, command) =>
      launch('sshpass', ['-e', 'ssh', '-F', config, ...options, 'ours', command], { env, keepInput: true }),
    startJump: (options, command) =>
      launch('ssh', ['-F', config, ...options, 'box', command], { env, keepInput: true }),
    product,
    home: target.home,
    pids: {
      ours: Number(readFileSync(join(product.dataFolder, 'process.pid'), 'utf8')),
      jump: jump.pid,
    },
    close: async () => {
      await Promise.allSettled([product.stop(), jump.stop(), target.stop()]);
      dir.remove();
    },
  };
}

function resources(sshd: Sshd): string {
  const documents = [
    {
      kind: 'Target',
      spec: { protocol: 'ssh', address: `127.0.0.1:${String(sshd.port)}`, trust: { hostKeys: [sshd.hostKeyLine] } },
    },
    { kind: 'SshKey', spec: { username: sshd.username, privateKey: sshd.userKeyPem } },
    { kind: 'Account', spec: { target: 'box', username: sshd.username, credential: { sshKey: 'box' } } },
    { kind: 'Entitlement', spec: { access: { targets: ['box'] }, recording: 'required' } },
    { kind: 'Policy', spec: { assign: 'true', entitlements: ['box'] } },
  ];
  // JSON is YAML.
  return documents
    .map((document) => JSON.stringify({ apiVersion: 'sallyport/v1', ...document, metadata: { name: 'box' } }))
    .join('\n---\n');
}
