import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { runProcess } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { login, runSsh, startProxy, type TestTarget, targetOf, userName } from './proxy-kit.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

test('a person logs in with a token by password and by keyboard-interactive', async () => {
  const proxy = await startProxy({ target });
  for (const method of ['password', 'keyboard-interactive']) {
    const run = await runSsh(proxy, ['-o', `PreferredAuthentications=${method}`, 'whoami; echo err >&2; exit 7']);
    expect(run).toMatchObject({ code: 7, stdout: `${sshd.username}\n`, stderr: 'err\n' });
  }
  expect(proxy.shown).toEqual([true, true].map((good) => ({ userName, source: '127.0.0.1', good })));
  expect(proxy.requests[0]).toMatchObject({
    protocol: 'ssh',
    destination: { target: 'web-1', account: null },
    source: '127.0.0.1',
  });
  expect(proxy.requests[0]!.client).toMatch(/^SSH-2\.0-OpenSSH_/);
});

test('PuTTY logs in with the token', async () => {
  const proxy = await startProxy({ target });
  const home = tempDir();
  const fingerprints = await runProcess('ssh-keyscan', ['-t', 'ed25519', '-p', String(proxy.port), '127.0.0.1']);
  const listed = await runProcess('ssh-keygen', ['-lf', '-'], { input: fingerprints.stdout });
  const fingerprint = /SHA256:\S+/.exec(listed.stdout)?.[0] ?? '';
  const plink = await runProcess(
    'plink',
    [
      '-batch',
      '-no-antispoof',
      '-P',
      String(proxy.port),
      '-l',
      login,
      '-pw',
      proxy.token,
      '-hostkey',
      fingerprint,
      '127.0.0.1',
      'head -c 5000000 /dev/zero; exit 5',
    ],
    { env: { ...process.env, HOME: home } },
  );
  expect(plink.code).toBe(5);
  expect(plink.stdoutBytes.length).toBe(5_000_000);
});

test('a wrong token is refused with the address where a new one is made, the same for every reason', async () => {
  const proxy = await startProxy({ target });
  const texts = new Set<string>();
  const once = ['-o', 'NumberOfPasswordPrompts=1', '-o', 'PreferredAuthentications=password'];
  for (const args of [[], ['-l', `nobody~web-1`], ['-l', `a~b~c~d`], ['-l', 'x'.repeat(300)]]) {
    const run = await runSsh(proxy, [...once, ...args, 'true'], {
      secret: args.length === 0 ? 'spt_wrong' : proxy.token,
    });
    expect(run.code).not.toBe(0);
    texts.add(run.stderr.split('\n')[0] ?? '');
  }
  expect([...texts]).toEqual([expect.stringContaining('https://portal.example/tokens')]);
  expect(proxy.shown.map(({ userName: name, good }) => [name, good])).toEqual([
    [userName, false],
    ['nobody', false],
    ['', false],
    ['', false],
  ]);
  expect(proxy.requests).toEqual([]);
});

test('the token is compared byte for byte: nothing is trimmed or folded', async () => {
  const proxy = await startProxy({ target });
  for (const secret of [` ${proxy.token}`, `${proxy.token} `, proxy.token.toUpperCase()]) {
    expect((await runSsh(proxy, ['-o', 'NumberOfPasswordPrompts=1', 'true'], { secret })).code).not.toBe(0);
  }
  expect(proxy.shown.every(({ good }) => !good)).toBe(true);
});

test('no way in without a pass: none, and a key that nobody registered, which is not even asked for a signature', async () => {
  const proxy = await startProxy({ target });
  const key = join(proxy.dir, 'key');
  await runProcess('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  for (const method of ['none', 'publickey']) {
    const options = [
      '-o',
      `PreferredAuthentications=${method}`,
      '-o',
      'PubkeyAuthentication=yes',
      '-i',
      key,
      '-o',
      'BatchMode=yes',
    ];
    const run = await runProcess('ssh', [...options, ...proxy.ssh, '127.0.0.1', 'true']);
    expect(run.code).toBe(255);
    expect(run.stderr).toContain('Permission denied (publickey,password,keyboard-interactive)');
  }
  expect(proxy.shown).toEqual([]);
  expect(proxy.offered).toHaveLength(1);
});

test.each([
  ['six refused attempts end the connection', undefined, 6],
  ['as many refused attempts as the limit says end the connection', { tries: 2 }, 2],
])('%s', async (_, limits, most) => {
  const proxy = await startProxy({ target, ...(limits === undefined ? {} : { limits }) });
  const answers = join(proxy.dir, 'askpass');
  await runProcess('/bin/sh', ['-c', `printf '#!/bin/sh\\necho wrong\\n' > ${answers}; chmod 700 ${answers}`]);
  const options = ['-o', 'NumberOfPasswordPrompts=10', '-o', 'PreferredAuthentications=password'];
  const run = await runProcess('ssh', [...options, ...proxy.ssh, '127.0.0.1', 'true'], {
    env: { ...process.env, SSH_ASKPASS: answers, SSH_ASKPASS_REQUIRE: 'force' },
  });
  expect(run.code).toBe(255);
  expect(run.stderr).toContain('Too many failed attempts');
  expect(proxy.shown).toHaveLength(most);
});

test('a refused admission is told on the first channel, with an exit status', async () => {
  const proxy = await startProxy({ target });
  const noTarget = await runSsh(proxy, ['-l', userName, 'true']);
  expect(noTarget).toMatchObject({ code: 1, stdout: '' });
  expect(noTarget.stderr).toContain(`sallyport: name a target: log in as ${userName}~TARGET`);
  const absent = await runSsh(proxy, ['-l', `${userName}~web-2`, '-tt', 'true']);
  expect(absent.stdout).toContain('web-2 is not there, or not for you');
  expect(absent.code).toBe(1);
  expect(proxy.sessions).toEqual([]);
});

test('a login name of 64 KB ends in an error, and the next login works', async () => {
  const proxy = await startProxy({ target });
  const run = await runSsh(proxy, ['-l', 'x'.repeat(65_536), 'true']);
  expect(run.code).toBe(255);
  expect(proxy.shown).toEqual([{ userName: '', source: '127.0.0.1', good: false }]);
  expect((await runSsh(proxy, ['true'])).code).toBe(0);
});

test('Segura login names and an account lead to the same target', async () => {
  const proxy = await startProxy({ target });
  const { username } = sshd;
  for (const name of [
    `${userName}~${username}~web-1`,
    `${userName}[${username}@web-1]`,
    `${userName}#${username}#web-1`,
  ]) {
    expect((await runSsh(proxy, ['-l', name, 'whoami'])).stdout).toBe(`${username}\n`);
  }
});

test('only strict algorithms are offered', async () => {
  const proxy = await startProxy({ target });
  const run = await runProcess('ssh', ['-vv', '-o', 'BatchMode=yes', ...proxy.ssh, '127.0.0.1', 'true']);
  const proposal = run.stderr.slice(run.stderr.indexOf('peer server KEXINIT proposal'));
  const list = (name: string): string[] =>
    new RegExp(`debug2: ${name}: (.*)`).exec(proposal)?.[1]?.trim().split(',') ?? [];
  const names = [
    'KEX algorithms',
    'host key algorithms',
    'ciphers ctos',
    'ciphers stoc',
    'MACs ctos',
    'compression ctos',
  ].flatMap(list);
  expect(names.filter((name) => /sha1|cbc|3des|arcfour|md5|dss|^ssh-rsa$|group1-|zlib|umac|nistp/.test(name))).toEqual(
    [],
  );
  // Encrypt-then-MAC first; the others are for libssh2 before 1.11.
  expect(
    list('MACs stoc')
      .slice(0, 2)
      .every((name) => name.endsWith('-etm@openssh.com')),
  ).toBe(true);
  expect(names).toContain('kex-strict-s-v00@openssh.com');
  expect(list('host key algorithms')).toEqual(['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256']);
});
