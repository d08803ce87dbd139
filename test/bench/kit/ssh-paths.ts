import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchProduct, type Token } from '../../e2e/product.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { launch } from '../../kit/process.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';

/** Two roads to one and the same sshd: through the product, and through OpenSSH's own jump (`ssh -J`). */
export interface SshPaths {
  /** Runs a shell line in which `$SSH` stands for the ssh client with all its options and the destination. */
  ours(line: string): Promise<Measured>;
  jump(line: string): Promise<Measured>;
  close(): Promise<void>;
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

/** Starts the product with recording on, a jump host and a target. The target is logged in to by an ed25519 key. */
export async function openSshPaths(): Promise<SshPaths> {
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
  const run = async (line: string, ssh: string): Promise<Measured> => {
    const env = { PATH: process.env.PATH ?? '', SSHPASS: token.secret, SSH: ssh };
    const from = performance.now();
    const running = launch('/bin/sh', ['-c', `set -e; ${line}`], { env });
    const { code } = await running.exited;
    const milliseconds = performance.now() - from;
    if (code !== 0) throw new Error(`${line} ended with ${String(code)}: ${running.stderr()}`);
    return { stdout: running.stdout(), milliseconds };
  };
  return {
    ours: (line) => run(line, `sshpass -e ssh -F ${config} ours`),
    jump: (line) => run(line, `ssh -F ${config} box`),
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
