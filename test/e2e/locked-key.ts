import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sshd } from '../kit/openssh.ts';
import { launch } from '../kit/process.ts';
import { makeTempDir } from '../kit/temp-dir.ts';

/** The key of the sshd's login as ssh-keygen writes it with a passphrase. */
export async function lockedKey(sshd: Sshd, passphrase: string): Promise<string> {
  const folder = makeTempDir();
  const file = join(folder.path, 'key');
  try {
    writeFileSync(file, sshd.userKeyPem, { mode: 0o600 });
    const lock = launch('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', file]);
    const { code } = await lock.exited;
    if (code !== 0) throw new Error(`ssh-keygen ended with ${String(code)}: ${lock.stderr()}`);
    return readFileSync(file, 'utf8');
  } finally {
    folder.remove();
  }
}

/** A target whose one account logs in by this key, and everybody's right to it. */
export function keyedResources(sshd: Sshd, name: string, pem: string, passphrase: string): string {
  return `
apiVersion: sallyport/v1
kind: Target
metadata: {name: ${name}}
spec: {protocol: ssh, address: "127.0.0.1:${String(sshd.port)}", trust: {hostKeys: ["${sshd.hostKeyLine}"]}}
---
apiVersion: sallyport/v1
kind: SshKey
metadata: {name: ${name}}
spec: {username: ${sshd.username}, privateKey: ${JSON.stringify(pem)}, passphrase: ${JSON.stringify(passphrase)}}
---
apiVersion: sallyport/v1
kind: Account
metadata: {name: ${name}}
spec: {target: ${name}, username: ${sshd.username}, credential: {sshKey: ${name}}}
---
apiVersion: sallyport/v1
kind: Entitlement
metadata: {name: ${name}}
spec: {access: {targets: [${name}]}, recording: required}
---
apiVersion: sallyport/v1
kind: Policy
metadata: {name: ${name}}
spec: {assign: "true", entitlements: [${name}]}
`;
}
