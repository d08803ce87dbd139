import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProcess } from '../kit/process.ts';
import { launchProduct, type Product } from './product.ts';

let product: Product;

beforeAll(async () => {
  product = await launchProduct({ cut: null });
}, 60_000);

afterAll(async () => {
  await product.stop();
});

it('ssh-audit fails no algorithm', async () => {
  const port = String(product.sshPort);
  const report = await runProcess('ssh-audit', ['-n', '-l', 'warn', '-p', port, '127.0.0.1']);
  expect(report.stdout).not.toContain('[fail]');
  const warnings = report.stdout.split('\n').filter((line) => line.includes('[warn]'));
  // The version of Debian 12 is older than the strict key exchange; the MACs are there for clients as old as it.
  expect(warnings.map((line) => line.split(/\s+/)[1])).toEqual([
    'kex-strict-s-v00@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
  ]);
  const found = JSON.parse((await runProcess('ssh-audit', ['-j', '-p', port, '127.0.0.1'])).stdout) as {
    readonly kex: readonly { readonly algorithm: string }[];
  };
  // It has really looked.
  expect(found.kex.map(({ algorithm }) => algorithm)).toContain('curve25519-sha256');
});

it("nmap's ssh2-enum-algos lists no weak algorithm", async () => {
  const port = String(product.sshPort);
  const list = await runProcess('nmap', ['-Pn', '-n', '-p', port, '--script', '+ssh2-enum-algos', '127.0.0.1']);
  const names = list.stdout.split('\n').flatMap((line) => /^\|_? {6,7}(\S+)$/.exec(line)?.[1] ?? []);
  expect(names).toEqual(expect.arrayContaining(['curve25519-sha256', 'ssh-ed25519', 'aes128-gcm@openssh.com', 'none']));
  expect(names.filter((name) => /sha1|cbc|des|arcfour|md5|dss|^ssh-rsa$|group1-|nistp|zlib|umac/.test(name))).toEqual(
    [],
  );
});
