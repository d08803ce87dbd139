import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { certificateProblem, decodeHostCertificate } from '../../../src/proxies/ssh/host-certificate.ts';
import { innerOf, offerHostKeys } from '../../../src/proxies/ssh/transport.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { freePort } from '../../kit/ports.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { hostKey, runSsh, startProxy, type TestProxy, targetOf } from './proxy-kit.ts';

interface Key {
  readonly file: string;
  /** Without comment. */
  readonly line: string;
}

function key(dir: string, name: string, type = 'ed25519', ...more: readonly string[]): Key {
  const file = join(dir, name);
  execFileSync('ssh-keygen', ['-q', '-t', type, ...more, '-N', '', '-C', '', '-f', file]);
  return { file, line: readFileSync(`${file}.pub`, 'utf8').trim() };
}

const good = ['-h', '-n', '127.0.0.1'];

/** The certificate of a key by a CA, as ssh-keygen makes it; gives its line. */
function certify(ca: Key, host: Key, ...options: readonly string[]): string {
  execFileSync('ssh-keygen', ['-q', '-s', ca.file, '-I', 'host', ...options, `${host.file}.pub`]);
  return readFileSync(`${host.file}-cert.pub`, 'utf8').trim().split(/\s+/).slice(0, 2).join(' ');
}

async function sshdWith(host: Key, ...config: readonly string[]): Promise<Sshd> {
  const certificate = `HostCertificate ${host.file}-cert.pub`;
  const sshd = await launchSshd({ config: [`HostKey ${host.file}`, certificate, ...config] });
  onTestFinished(async () => {
    await sshd.stop();
  });
  return sshd;
}

/** A proxy whose target is trusted by these CAs alone. */
async function proxyFor(sshd: Sshd, ...cas: readonly Key[]): Promise<TestProxy> {
  return await startProxy({ target: { ...targetOf(sshd), hostKeyLine: null, hostCa: cas.map(({ line }) => line) } });
}

test.each([
  ['ed25519', 'ed25519', []],
  ['ecdsa', 'rsa', []],
  ['rsa', 'ecdsa', ['-b', '521']],
  ['ecdsa', 'ed25519', []],
] as const)(
  'a host certificate for a key of type %s by a CA of type %s opens the target, before and after new keys',
  async (type, caType, caBits) => {
    const dir = tempDir();
    const [ca, other, host] = [key(dir, 'ca', caType, ...caBits), key(dir, 'other'), key(dir, 'host', type)];
    certify(ca, host, ...good, '-V', '-1m:+1h');
    const sshd = await sshdWith(host, 'RekeyLimit 1M');
    const proxy = await proxyFor(sshd, other, ca);
    const run = await runSsh(proxy, ['head -c 4000000 /dev/zero; whoami']);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout.slice(4_000_000)).toBe(`${sshd.username}\n`);
    const [fingerprint, authority] = [host, ca].map(
      ({ file }) => execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' }).split(' ')[1],
    );
    expect(proxy.sessions[0]!.identity).toBe(`${fingerprint!}, certified by ${authority!}`);
  },
);

test.each([
  ['by another CA', good, 'it is signed by another CA'],
  ['that has expired', [...good, '-V', '-2h:-1h'], 'it has expired'],
  ['that is not valid yet', [...good, '-V', '+1h:+2h'], 'it is not valid yet'],
  ['for users', ['-n', '127.0.0.1'], 'it is a certificate for users'],
  ['that names no host', ['-h'], 'it names no host'],
  ['that names another host', ['-h', '-n', 'other.example,127.0.0.10,*'], 'it does not name 127.0.0.1'],
  ['with a critical option', [...good, '-O', 'critical:future@corp.example=1'], 'it has critical options'],
  ['by a SHA-1 signature', [...good, '-t', 'ssh-rsa'], 'not with SHA-2'],
])('a host certificate %s is refused before any credential is sent, and named', async (_, options, problem) => {
  const dir = tempDir();
  const [ca, other, host] = [key(dir, 'ca', 'rsa'), key(dir, 'other'), key(dir, 'host')];
  const line = certify(ca, host, ...options);
  // sshd does not load a certificate for users; the test below shows one.
  const sshd = options.includes('-h') ? await sshdWith(host) : null;
  if (sshd !== null) {
    const proxy = await proxyFor(sshd, problem.includes('another CA') ? other : ca);
    const run = await runSsh(proxy, ['true']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('host key');
    expect(proxy.sessions[0]).toMatchObject({ ended: 'target-host-key-refused', offered: line });
    expect(proxy.sessions[0]!.problem).toContain(problem);
    expect(sshd.log()).not.toMatch(/password for|userauth-request/);
  }
  const certificate = decodeHostCertificate(Buffer.from(line.split(' ')[1]!, 'base64'));
  const authorities = [problem.includes('another CA') ? other.line : ca.line];
  const judged = certificateProblem(certificate, { authorities, host: '127.0.0.1', nowSeconds: Date.now() / 1000 });
  expect(judged).toContain(problem);
});

test('every byte of a host certificate counts', async () => {
  const dir = tempDir();
  const [ca, host] = [key(dir, 'ca'), key(dir, 'host')];
  const blob = Buffer.from(certify(ca, host, ...good).split(' ')[1]!, 'base64');
  const rules = { authorities: [ca.line], host: '127.0.0.1', nowSeconds: Date.now() / 1000 };
  expect(certificateProblem(decodeHostCertificate(blob), rules)).toBeNull();
  for (let at = 0; at < blob.length; at += 1) {
    const changed = Buffer.from(blob);
    changed[at] = (changed[at] ?? 0) ^ 1;
    let problem: string | null;
    try {
      problem = certificateProblem(decodeHostCertificate(changed), rules);
    } catch (error) {
      problem = String(error);
    }
    expect(problem, `byte ${String(at)}`).not.toBeNull();
  }
  for (let length = 0; length < blob.length; length += 1) {
    expect(() => decodeHostCertificate(blob.subarray(0, length))).toThrow();
  }
  expect(() => decodeHostCertificate(Buffer.concat([blob, Buffer.of(0)]))).toThrow();
});

/** A server that shows any certificate and signs with any key; gives its port and what it was asked to log in by. */
async function shows(
  certificate: Buffer,
  signer: Key,
): Promise<{ readonly port: number; readonly attempts: string[] }> {
  const attempts: string[] = [];
  const parsed = ssh2.utils.parseKey(readFileSync(signer.file));
  if (parsed instanceof Error) throw parsed;
  const type = certificate.subarray(4, 4 + certificate.readUInt32BE(0)).toString();
  const server = new ssh2.Server({ hostKeys: [readFileSync(signer.file)] }, (client) => {
    offerHostKeys(client, () => [type]);
    const inner = innerOf(client) as unknown as Record<'_kex' | '_hostKeys', unknown>;
    const fake = { type: parsed.type, getPublicSSH: () => certificate, sign: (data: Buffer) => parsed.sign(data) };
    inner._hostKeys = { 'ssh-ed25519': fake };
    let exchange: unknown;
    Object.defineProperty(inner, '_kex', {
      get: () => exchange,
      set: (next: { negotiated: { serverHostKey: string } }) => {
        exchange = next;
        next.negotiated.serverHostKey = 'ssh-ed25519';
      },
    });
    client.on('authentication', (context) => {
      attempts.push(context.method);
      context.reject([]);
    });
    client.on('error', () => undefined);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  return { port, attempts };
}

test('a certificate is no proof without its key, nor when it was changed or is one for users', async () => {
  const dir = tempDir();
  const [ca, real, thief] = [key(dir, 'ca'), key(dir, 'real'), key(dir, 'thief')];
  const blobOf = (line: string): Buffer => Buffer.from(line.split(' ')[1]!, 'base64');
  const forUser = blobOf(certify(ca, real, '-n', '127.0.0.1'));
  const blob = blobOf(certify(ca, real, ...good));
  const changed = Buffer.from(blob);
  changed.write('hosT', changed.indexOf('host', 4 + 32 + 4 + 32));
  const expectations = [
    { shown: blob, signer: real, ended: 'target-login-failed', problem: null, attempted: true },
    { shown: blob, signer: thief, ended: 'target-unreachable', problem: null, attempted: false },
    {
      shown: changed,
      signer: real,
      ended: 'target-host-key-refused',
      problem: 'the signature of the CA',
      attempted: false,
    },
    { shown: forUser, signer: real, ended: 'target-host-key-refused', problem: 'for users', attempted: false },
  ];
  for (const { shown, signer, ended, problem, attempted } of expectations) {
    const { port, attempts } = await shows(shown, signer);
    const target = { host: '127.0.0.1', port, hostKeyLine: null, hostCa: [ca.line], username: 'root' };
    const proxy = await startProxy({ target: { ...target, credential: { kind: 'password', secret: 'a secret' } } });
    expect((await runSsh(proxy, ['true'])).code).toBe(1);
    expect(proxy.sessions[0]!.ended).toBe(ended);
    expect(attempts.length > 0).toBe(attempted);
    if (problem !== null) expect(proxy.sessions[0]!.problem).toContain(problem);
  }
});

test('pinned keys and a CA stand together, and a target without a certificate is refused by a CA alone', async () => {
  const dir = tempDir();
  const [ca, host] = [key(dir, 'ca'), key(dir, 'host')];
  certify(ca, host, ...good, '-V', '-2h:-1h');
  const sshd = await sshdWith(host);
  const target = { ...targetOf(sshd), hostCa: [ca.line] };
  const both = await startProxy({ target: { ...target, hostKeyLine: host.line } });
  expect((await runSsh(both, ['whoami'])).stdout).toBe(`${sshd.username}\n`);
  const plain = await launchSshd();
  onTestFinished(async () => {
    await plain.stop();
  });
  const alone = await proxyFor(plain, ca);
  expect((await runSsh(alone, ['true'])).code).toBe(1);
  expect(alone.sessions[0]).toMatchObject({ offered: plain.hostKeyLine, problem: null });
  const pinned = await startProxy({ target: { ...targetOf(plain), hostCa: [hostKey(dir, 'ed25519').line] } });
  expect((await runSsh(pinned, ['whoami'])).stdout).toBe(`${plain.username}\n`);
});
