import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import type { TargetScan } from '../../../src/application/ports/application-face.ts';
import type { ResourceViewer } from '../../../src/application/resources/deps.ts';
import { scanTarget } from '../../../src/application/system-access/scan-target.ts';
import { hostKeyScan } from '../../../src/proxies/ssh/host-key-scan.ts';
import { launchSshd } from '../../kit/openssh.ts';
import { freePort } from '../../kit/ports.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { administrator, openRig, type Rig } from '../resources/rig.ts';

/** A Target at this address, and how to scan it. */
async function target(host: string, port: number, ownPorts: readonly number[] = [], milliseconds = 15_000) {
  const rig = await openRig();
  const address = `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
  await rig.outcomes(
    `{apiVersion: sallyport/v1, kind: Target, metadata: {name: web1, labels: {tier: web}}, spec: {protocol: ssh, address: '${address}'}}`,
  );
  const hostKeys = hostKeyScan({ resolve: targetResolver(ownPorts), scanMilliseconds: milliseconds });
  const postgres = async (): Promise<never> => {
    throw new Error('an SSH target is not asked for a certificate');
  };
  const scan = async (confirm: readonly string[] = [], viewer: ResourceViewer = administrator, name = 'web1') =>
    await scanTarget({ resources: rig.deps, scanners: { hostKeys, postgres } }, viewer, name, confirm);
  const good = async (...confirm: readonly string[]): Promise<TargetScan> => {
    const result = await scan(confirm);
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    return result.scan;
  };
  return { rig, scan, good };
}

const trustOf = async (rig: Rig): Promise<unknown> => {
  const [resource] = (await rig.get('Target', 'web1')) as unknown as [{ spec: { trust?: unknown } }];
  return resource.spec.trust;
};

/** sshd with a key of each type, and a certificate for one; gives the lines of keys and CA. */
async function manyKeys() {
  const dir = tempDir();
  const make = (name: string, type: string): string => {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', join(dir, name)]);
    return readFileSync(join(dir, `${name}.pub`), 'utf8').trim();
  };
  const lines = ['ed25519', 'ecdsa', 'rsa'].map((type) => make(type, type));
  const ca = make('ca', 'ed25519');
  execFileSync('ssh-keygen', ['-q', '-s', join(dir, 'ca'), '-h', '-I', 'x', '-n', '127.0.0.1', join(dir, 'ecdsa.pub')]);
  const config = ['ed25519', 'ecdsa', 'rsa'].map((name) => `HostKey ${join(dir, name)}`);
  const sshd = await launchSshd({ config: [...config, `HostCertificate ${join(dir, 'ecdsa-cert.pub')}`] });
  onTestFinished(async () => {
    await sshd.stop();
  });
  const fingerprint = (name: string): string =>
    execFileSync('ssh-keygen', ['-lf', join(dir, `${name}.pub`)], { encoding: 'utf8' }).split(' ')[1]!;
  return { sshd, lines, ca, fingerprint };
}

test('every host key and the CA of a certificate are shown without a login, and confirmed by fingerprint', async () => {
  const { sshd, lines, ca, fingerprint } = await manyKeys();
  const { rig, good, scan } = await target('127.0.0.1', sshd.port);
  const first = await good();
  expect(first.error).toBeNull();
  expect(first.keys.map(({ line, authority, trusted }) => [line, authority?.line ?? null, trusted])).toEqual([
    ...lines.map((line) => [line, null, false]),
    [lines[1], ca, false],
  ]);
  expect(first.keys[0]!.fingerprint).toBe(fingerprint('ed25519'));
  expect(first.resource).toMatchObject({
    metadata: { name: 'web1', labels: { tier: 'web' } },
    spec: { trust: { hostKeys: lines } },
  });
  // Nothing is trusted by looking, nor by a fingerprint that is not shown.
  const wrong = await scan([fingerprint('ed25519'), `SHA256:${'A'.repeat(43)}`]);
  expect(wrong).toMatchObject({ ok: false, errors: [{ code: 'not-offered' }] });
  expect(await trustOf(rig)).toBeUndefined();

  const second = await good(fingerprint('ed25519'));
  expect(second.confirmed).toEqual([fingerprint('ed25519')]);
  expect(second.keys.map(({ trusted }) => trusted)).toEqual([true, false, false, false]);
  expect(await trustOf(rig)).toEqual({ hostKeys: [lines[0]] });
  const third = await good(fingerprint('ca'));
  expect(third.keys.map(({ trusted }) => trusted)).toEqual([true, false, false, true]);
  expect(await trustOf(rig)).toEqual({ hostKeys: [lines[0]], hostCa: [ca] });

  const scans = (await rig.events()).filter(({ type }) => type === 'TargetScanned');
  expect(scans).toHaveLength(4);
  expect(scans[0]).toMatchObject({
    data: {
      offered: [...lines.map((key) => ({ key, authority: null })), { key: lines[1], authority: ca }],
      error: null,
    },
    metadata: { actor: { kind: 'user' } },
  });
  expect(sshd.log()).not.toMatch(/Failed|Accepted|Invalid user/);
});

test('only an administrator whose role is not narrowed scans, and only a Target that is there and can be scanned', async () => {
  const { rig, scan } = await target('127.0.0.1', await freePort());
  const who = { userId: 'user-1', userName: 'ann', loginId: 'login-1' } as const;
  const others: ResourceViewer[] = [
    { ...who, permissions: ['self', 'audit', 'operate'], roles: ['auditor'] },
    { ...who, permissions: ['self'], roles: ['narrowed'] },
  ];
  for (const viewer of others)
    await expect(scan([], viewer)).rejects.toThrow(/needs a role with the permission administer/);
  await rig.outcomes(
    `{apiVersion: sallyport/v1, kind: Target, metadata: {name: db1}, spec: {protocol: mysql, address: 'db:3306'}}`,
  );
  expect(await scan([], administrator, 'web2')).toMatchObject({ ok: false, errors: [{ code: 'absent' }] });
  expect(await scan([], administrator, 'db1')).toMatchObject({ ok: false, errors: [{ code: 'not-scannable' }] });
  expect((await rig.events()).filter(({ type }) => type === 'TargetScanned')).toEqual([]);
});

/** A server that does this with whoever connects. */
async function peer(greet: (socket: Socket) => void): Promise<number> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    greet(socket);
  }).listen(port, '127.0.0.1');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return port;
}

const endless = (socket: Socket, start: string): void => {
  socket.write(start);
  const more = (): void => {
    while (socket.writable && socket.write(Buffer.alloc(16_384, 'x'))) if (socket.destroyed) return;
  };
  socket.on('drain', more);
  more();
};

test.each<readonly [string, (socket: Socket) => void, RegExp]>([
  [
    'speaks something else',
    (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    /does not speak SSH as it should|closed the connection: it is no SSH server/,
  ],
  ['closes at once', (socket) => socket.end(), /closed the connection/],
  ['says nothing', () => undefined, /answers, but not as an SSH server does/],
  ['stops after its name', (socket) => socket.write('SSH-2.0-x\r\n'), /answers, but not as an SSH server does/],
  ['sends without end', (socket) => endless(socket, ''), /does not speak SSH as it should/],
  ['sends without end after its name', (socket) => endless(socket, 'SSH-2.0-x\r\n'), /does not speak SSH as it should/],
  ['sends lines without end', (socket) => endless(socket, 'a\r\n'.repeat(2000)), /does not speak SSH as it should/],
])('a peer that %s is a clear error', async (_, greet, error) => {
  const { rig, good } = await target('127.0.0.1', await peer(greet), [], 1_500);
  const scan = await good();
  expect(scan).toMatchObject({ keys: [] });
  expect(scan.error).toMatch(error);
  expect((await rig.events()).at(-1)).toMatchObject({
    type: 'TargetScanned',
    data: { offered: [], error: scan.error },
  });
  expect(await trustOf(rig)).toBeUndefined();
});

test('a name without address, a port where nothing listens and our own port are clear errors', async () => {
  expect((await (await target('no-such-host.invalid', 22)).good()).error).toBe(
    `the name no-such-host.invalid can't be resolved`,
  );
  expect((await (await target('127.0.0.1', await freePort())).good()).error).toContain('refuses connections');
  let touched = 0;
  const own = await peer(() => (touched += 1));
  expect((await (await target('localhost', own, [own])).good()).error).toContain('leads back to this installation');
  expect(touched).toBe(0);
});
