import { chmodSync, cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../kit/ports.ts';
import { type Exit, runProcess } from '../kit/process.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { until } from '../kit/until.ts';
import { logIn } from './person.ts';
import { launchProduct, type Product, ssh, sshCommand, type Token } from './product.ts';

let product: Product;
let home: string;

type Ended = Exit & { readonly stdout: string; readonly stderr: string };
type Row = Readonly<Record<string, unknown>>;

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const idOf = (kind: string): string => expect.stringMatching(new RegExp(`^${kind}-[0-9a-f-]{36}$`)) as string;

/** The command line with this environment and no other, in the home of a person of its own. */
async function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { command, args } = product.cliCommand(words);
  return runProcess(command, args, { cwd: home, env: { PATH: process.env.PATH, HOME: home, ...environment } });
}

const asAdmin = (): Readonly<Record<string, string>> => ({
  SALLYPORT_USER: 'admin',
  SALLYPORT_PASSWORD: product.adminPassword,
});

const lines = (text: string): readonly string[] => text.split('\n').slice(0, -1);

beforeAll(async () => {
  product = await launchProduct({ demo: true, env: { SALLYPORT_LIMITS_LOGIN_TRIES: '2' } });
  home = join(product.dataFolder, '..');
}, 60_000);

afterAll(async () => {
  await product.stop();
});

describe('who somebody is', () => {
  it('is kept from login to logout, in a private file', async () => {
    const before = await run(['status']);
    expect(before).toMatchObject({ code: 1, stdout: '' });
    expect(before.stderr).toContain('not logged in at https://localhost:');
    expect(before.stderr).toContain('log in with `sallyport login`');

    const login = await run(['login', '--user', 'admin'], { SALLYPORT_PASSWORD: product.adminPassword });
    expect(login).toMatchObject({ code: 0, stdout: '' });
    expect(login.stderr).toContain('Logged in as admin at https://localhost:');
    const file = join(home, '.local/state/sallyport/logins.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const kept = readFileSync(file, 'utf8');
    const server = `https://localhost:${String(product.webPort)}`;
    expect(JSON.parse(kept)).toEqual({
      [server]: { bearer: expect.stringMatching(/^spl_/), user: 'admin', expiresAt: time },
    });

    const status = await run(['status', '--format', 'json']);
    expect(JSON.parse(status.stdout)).toEqual({
      server,
      user: 'admin',
      provider: 'local',
      factors: ['UP'],
      roles: ['admin'],
      permissions: expect.arrayContaining(['self', 'administer']),
      expiresAt: time,
    });
    // The name in the environment is somebody else's: the kept login is not used for it.
    const other = await run(['status'], { SALLYPORT_USER: 'alice' });
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(other.stderr).toContain('as alice');

    expect(await run(['logout'])).toMatchObject({ code: 0, stdout: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({});
    writeFileSync(file, kept, { mode: 0o600 });
    const after = await run(['status']);
    expect(after).toMatchObject({ code: 1, stdout: '' });
    expect(after.stderr).toContain('log in with `sallyport login`');
    writeFileSync(file, '{}');
  });

  it('is never asked without a terminal, and an empty or wrong password is refused', async () => {
    const nobody = await run(['login']);
    expect(nobody).toMatchObject({ code: 1, stdout: '' });
    expect(nobody.stderr).toContain('there is no terminal');
    const silent = await run(['login', '--user', 'admin']);
    expect(silent).toMatchObject({ code: 1, stdout: '' });
    expect(silent.stderr).toContain('Password is needed and there is no terminal to ask at');
    for (const password of ['', 'wrong']) {
      const refused = await run(['token', 'list'], { SALLYPORT_USER: 'admin', SALLYPORT_PASSWORD: password });
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/^sallyport: .*password/);
      expect(refused.stderr.split('\n')).toHaveLength(2);
    }
  });
});

describe('tokens and sessions', () => {
  let token: Token;

  it('tokens have the promised form', async () => {
    const made = await run(['token', 'create', '--ttl', '1h', '--protocol', 'ssh', '--format', 'json'], asAdmin());
    expect(made.code).toBe(0);
    token = JSON.parse(made.stdout) as Token;
    expect(Object.keys(token)).toEqual(['id', 'secret', 'expiresAt']);
    expect(token).toEqual({ id: idOf('token'), secret: expect.stringMatching(/^spt_[0-9A-Za-z]+$/), expiresAt: time });
    const plain = await run(['token', 'create', '--target', 'demo-shell'], asAdmin());
    expect(plain.stdout).toMatch(/^spt_[0-9A-Za-z]+\n$/);
    expect(plain.stderr).toContain('It is shown this once');

    const list = JSON.parse((await run(['token', 'list', '--format', 'json'], asAdmin())).stdout) as Row[];
    const common = { issuedAt: time, expiresAt: time, uses: 0, lastUsedAt: null };
    expect(list).toEqual([
      { ...common, id: token.id, protocols: ['ssh'], target: null },
      { ...common, id: idOf('token'), protocols: null, target: 'demo-shell' },
    ]);
  });

  it('sessions have the promised form', async () => {
    expect((await ssh(product, 'admin~demo-shell', token.secret, ['help'])).code).toBe(0);
    const list = await until(
      async () => {
        const rows = JSON.parse((await run(['sessions', 'list', '--format', 'json'], asAdmin())).stdout) as Row[];
        return rows[0]?.endedAt === null ? undefined : rows;
      },
      { what: 'the session in the list, ended' },
    );
    const session = {
      id: idOf('session'),
      user: 'admin',
      target: 'demo-shell',
      account: 'demo',
      protocol: 'ssh',
      startedAt: time,
      endedAt: time,
      endReason: 'closed-by-client',
      bytesReceived: expect.any(Number) as number,
      bytesSent: expect.any(Number) as number,
    };
    expect(list).toEqual([session]);
    expect(Object.keys(list[0] ?? {})).toEqual(Object.keys(session));
    const id = String(list[0]?.id);
    const shown = await run(['sessions', 'show', id, '--format', 'json'], asAdmin());
    expect(JSON.parse(shown.stdout)).toEqual(list[0]);
    const absent = await run(['sessions', 'show', 'session-00000000-0000-4000-8000-000000000000'], asAdmin());
    expect(absent).toMatchObject({ code: 1, stdout: '' });
    expect(absent.stderr).toContain('there is no session session-00000000');
  });

  it('the eleventh live token is refused with the list of the ten', async () => {
    const admin = await logIn(product);
    const ids = [token.id];
    for (let n = 2; n < 10; n += 1) ids.push((await admin.token()).id);
    const refused = await run(['token', 'create'], asAdmin());
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('you have 10 live tokens already');
    for (const id of ids) expect(refused.stderr).toContain(id);
    expect((await run(['token', 'revoke', token.id], asAdmin())).code).toBe(0);
    expect((await admin.token()).secret).toMatch(/^spt_/);
  });

  it('limits.loginTries ends a connection after so many refused tries', async () => {
    const askpass = join(home, 'askpass');
    writeFileSync(askpass, '#!/bin/sh\necho wrong\n', { mode: 0o700 });
    const options = ['-o', 'PreferredAuthentications=password', '-o', 'NumberOfPasswordPrompts=9'];
    // Of two values for one option, ssh takes the first.
    const { command } = sshCommand(product, 'admin~demo-shell', '');
    const tried = await runProcess('ssh', [...options, ...command.slice(2), 'help'], {
      env: { PATH: process.env.PATH, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' },
    });
    expect(tried.code).toBe(255);
    expect(tried.stderr).toContain('Too many failed attempts');
    expect(tried.stderr.match(/Permission denied, please try again/g)).toHaveLength(1);
  });
});

describe('resources', () => {
  const file = (text: string): string => {
    const path = join(home, 'resources.yaml');
    writeFileSync(path, text);
    return path;
  };
  const target = (address: string): string =>
    `apiVersion: sallyport/v1\nkind: Target\nmetadata: {name: web1, labels: {team: ops}}\nspec: {protocol: ssh, address: "${address}"}\n`;
  const user = `---\napiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {groups: [ops]}\n`;

  it('are created, changed or unchanged, one line each', async () => {
    const first = await run(['apply', '-f', file(target('web1.example:22') + user)], asAdmin());
    expect(first).toMatchObject({ code: 0, stdout: 'Target/web1 created\nUser/alice created\n' });
    expect(first.stderr).toMatch(/^warning: .*web1/);
    const second = await run(['apply', '-f', file(target('web1.example:2222') + user), '--format', 'json'], asAdmin());
    expect(JSON.parse(second.stdout)).toEqual([
      { kind: 'Target', name: 'web1', change: 'changed' },
      { kind: 'User', name: 'alice', change: 'unchanged' },
    ]);
  });

  it('what get prints as YAML, apply takes as unchanged', async () => {
    const got = await run(['get', 'Target', '--format', 'yaml'], asAdmin());
    expect(got).toMatchObject({ code: 0, stderr: '' });
    const again = await product.cli(['apply', '-f', '-'], { input: got.stdout });
    expect(lines(again.stdout).toSorted()).toEqual([
      'Target/demo-db unchanged',
      'Target/demo-shell unchanged',
      'Target/web1 unchanged',
    ]);
    const one = JSON.parse((await run(['get', 'Target', 'web1', '--format', 'json'], asAdmin())).stdout) as Row;
    expect(one).toMatchObject({ kind: 'Target', metadata: { name: 'web1' }, spec: { address: 'web1.example:2222' } });
  });

  it('whose names no path could hold are shown and deleted too', async () => {
    for (const name of ['team/ops', '..', 'a?b&c=d%2f+e']) {
      const role = { apiVersion: 'sallyport/v1', kind: 'Role', metadata: { name }, spec: { permissions: ['audit'] } };
      expect((await product.cli(['apply', '-f', '-'], { input: JSON.stringify(role) })).stdout).toContain('created');
      const got = await run(['get', 'Role', name, '--format', 'json'], asAdmin());
      expect(JSON.parse(got.stdout)).toMatchObject({ metadata: { name } });
      expect(await run(['delete', 'Role', name], asAdmin())).toMatchObject({ code: 0, stdout: '' });
    }
  });

  it('with a mistake change nothing, and every mistake is named with line and column', async () => {
    const bad = `${target('web1.example:3333')}---\napiVersion: sallyport/v1\nkind: User\nmetadata: {name: "a~b"}\nspec:\n  groops: [ops]\n`;
    const refused = await run(['apply', '-f', file(bad)], asAdmin());
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/line 10, column 3: .*groops/);
    const broken = await run(['apply', '-f', file('kind: [\n')], asAdmin());
    expect(broken).toMatchObject({ code: 1, stdout: '' });
    expect(broken.stderr).toMatch(/line \d+, column \d+: /);
    const still = await run(['get', 'Target', 'web1', '--format', 'json'], asAdmin());
    expect(JSON.parse(still.stdout)).toMatchObject({ spec: { address: 'web1.example:2222' } });
  });

  it('an entitlement with approval is taken, and a warning says that it opens nothing', async () => {
    const text =
      'apiVersion: sallyport/v1\nkind: Entitlement\nmetadata: {name: slow}\nspec: {access: {targets: [web1]}, approval: {by: [alice], any: true}}\n';
    const applied = await run(['apply', '-f', file(text)], asAdmin());
    expect(applied).toMatchObject({ code: 0, stdout: 'Entitlement/slow created\n' });
    expect(applied.stderr).toMatch(/^warning: .*slow.*approv/);
  });

  it('are deleted once', async () => {
    expect(await run(['delete', 'User', 'alice'], asAdmin())).toMatchObject({ code: 0, stdout: '' });
    const again = await run(['delete', 'User', 'alice'], asAdmin());
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('alice');
  });
});

it('audit events prints one object of the promised form a line, oldest first', async () => {
  const { stdout, stderr } = await run(['audit', 'events', '--format', 'json'], asAdmin());
  expect(stderr).toBe('');
  const events = lines(stdout).map((line) => JSON.parse(line) as Row);
  expect(events.length).toBeGreaterThan(50);
  for (const event of events) {
    expect(Object.keys(event)).toEqual([
      'id',
      'position',
      'stream',
      'streamVersion',
      'type',
      'schemaVersion',
      'data',
      'metadata',
    ]);
    expect(event.metadata).toMatchObject({ at: time, correlationId: expect.any(String) as string });
  }
  const positions = events.map(({ position }) => String(position));
  expect(positions).toEqual(positions.toSorted());
});

it.each([
  [['audit', 'events', '--type', 'SessionOpend'], 'did you mean SessionOpened?'],
  [['audit', 'events', '--after', 'here'], 'is no position of this log'],
  [['get', 'Usr'], 'there is no kind Usr; the kinds are '],
  [['delete', 'Usr', 'alice'], 'there is no kind Usr; the kinds are '],
])('words that only the server knows to mean nothing are wrong usage: %j', async (words, said) => {
  const ended = await run(words, asAdmin());
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(said);
});

describe('target scan', () => {
  it('and the events are for roles, which the refusal names', async () => {
    const asAlice = { SALLYPORT_USER: 'alice', SALLYPORT_PASSWORD: 'a password of alice' };
    const user = `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {password: ${asAlice.SALLYPORT_PASSWORD}}\n`;
    const file = join(home, 'alice.yaml');
    writeFileSync(file, user);
    const applied = await run(['apply', '-f', file], asAdmin());
    expect(applied.code, applied.stderr).toBe(0);
    expect(await run(['target', 'scan', 'demo-shell'], asAlice)).toMatchObject({
      code: 1,
      stderr: 'sallyport: target scan needs the permission administer\n',
    });
    expect(await run(['audit', 'events'], asAlice)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('audit events needs the role auditor or admin;') as string,
    });
  }, 60_000);

  it('shows the host keys of a target and whether they are trusted; what is not shown is not confirmed', async () => {
    const scan = await run(['target', 'scan', 'demo-shell', '--format', 'json'], asAdmin());
    expect(scan.code, scan.stderr).toBe(0);
    expect(JSON.parse(scan.stdout)).toEqual([
      {
        line: expect.stringMatching(/^ssh-ed25519 AAAA/) as string,
        fingerprint: expect.stringMatching(/^SHA256:/) as string,
        authority: null,
        authorityFingerprint: null,
        problem: null,
        trusted: true,
      },
    ]);
    const wrong = await run(['target', 'scan', 'demo-shell', '--confirm', 'SHA256:other'], asAdmin());
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toContain('does not show SHA256:other now, so nothing was confirmed');
    expect((await run(['target', 'scan', 'nowhere'], asAdmin())).stderr).toContain('there is no Target "nowhere"');
  });
});

describe('the installation', () => {
  it('is not started a second time on the same data, nor on ports of others', async () => {
    const second = await run(['start']);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toContain(`an installation runs on ${product.dataFolder} already (process `);
    const { command } = product.cliCommand([]);
    const [bin = ''] = product.cliCommand([]).args;
    const data = join(home, 'other');
    const port = String(product.webPort);
    const taken = await runProcess(command, [bin, 'start', '--no-demo', '--data', data], {
      cwd: home,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        SALLYPORT_ADMIN_PASSWORD: product.adminPassword,
        SALLYPORT_LISTEN_WEB: `127.0.0.1:${port}`,
        SALLYPORT_LISTEN_SSH: `127.0.0.1:${String(await freePort())}`,
        SALLYPORT_LISTEN_DIAGNOSTICS: 'off',
      },
    });
    expect(taken.code).toBe(1);
    expect(taken.stderr).toContain(`cannot listen on 127.0.0.1:${port} (listen.web): another program listens there`);
    expect(taken.stderr).toContain('SALLYPORT_LISTEN_WEB=host:port');
  });

  it('is well, says the doctor, until the master key can be read by others', async () => {
    const well = await run(['doctor', '--format', 'json']);
    const findings = JSON.parse(well.stdout) as { readonly check: string; readonly state: string }[];
    expect(findings.filter(({ state }) => state === 'problem')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['master key', 'log', 'web', 'ssh', 'ready']),
    );
    expect(well).toMatchObject({ code: 0, stderr: '' });
    const key = join(product.dataFolder, 'keys/master.key');
    chmodSync(key, 0o640);
    const ill = await run(['doctor']);
    chmodSync(key, 0o600);
    expect(ill.code).toBe(1);
    expect(ill.stdout).toContain(`problem  master key: ${key} can be read by others -> chmod 600 ${key}`);
    expect(ill.stderr).toMatch(/problems?; see above how to mend it/);
  });

  it('shows who changed or cut its log', async () => {
    const verify = (data: string, ...words: readonly string[]): Promise<Ended> => {
      const { command, args } = product.cliCommand([]);
      return runProcess(command, [args[0] ?? '', 'audit', 'verify', ...words, '--data', data], { cwd: home });
    };
    const copy = (): string => {
      const folder = join(tempDir(), 'data');
      cpSync(product.dataFolder, folder, { recursive: true });
      return folder;
    };
    const checkpoint = join(tempDir(), 'checkpoint');
    cpSync(join(product.dataFolder, 'log/log.checkpoint'), checkpoint);
    const whole = await verify(product.dataFolder, '--checkpoint', checkpoint);
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(whole.stdout).toMatch(/^ok: \d+ events, root \S+\nagrees with the checkpoint of \d+ events\n$/);
    const own = `apiVersion: sallyport/v1\nkind: Target\nmetadata: {name: cut1}\nspec: {protocol: ssh, address: "cut1.example:22"}\n`;
    await product.cli(['apply', '-f', '-'], { input: own });
    const [declared] = lines(
      (await run(['audit', 'events', '--type', 'TargetDeclared', '--format', 'json'], asAdmin())).stdout,
    )
      .map((line) => JSON.parse(line) as { readonly position: string; readonly data: Row })
      .filter(({ data }) => data.name === 'cut1');
    if (declared === undefined) throw new Error('cut1 was not declared');

    await product.running().stop('SIGTERM');
    const changed = copy();
    // By its row: SQLite lays rows out as it likes, and leaves bytes of what it moved, so that the first place in the file
    // that reads like an event may be another one or none.
    const log = new DatabaseSync(join(changed, 'log/log.sqlite'));
    const alter = log.prepare(
      `UPDATE events SET data = replace(data, 'cut1.example', 'cut2.example') WHERE position = ?`,
    );
    expect(alter.run(Number(declared.position)).changes).toBe(1);
    log.close();
    const found = await verify(changed);
    expect(found).toMatchObject({ code: 1, stdout: '' });
    expect(/first bad position: (\d+)/.exec(found.stderr)?.[1]).toBe(declared.position);

    // The older copy of the whole folder is a log whose end was cut off, as clean as can be.
    const older = copy();
    expect((await verify(older)).code).toBe(0);
    await product.restart();
    await product.running().stop('SIGTERM');
    cpSync(join(product.dataFolder, 'log/log.checkpoint'), checkpoint);
    const cut = await verify(older, '--checkpoint', checkpoint);
    expect(cut).toMatchObject({ code: 1, stdout: '' });
    expect(cut.stderr).toMatch(/the log is not whole: [\s\S]*first bad position: \d{16}/);
  });
});
