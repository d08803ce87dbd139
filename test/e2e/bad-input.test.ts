import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { freePort } from '../kit/ports.ts';
import { until } from '../kit/until.ts';
import { logIn, type Person } from './person.ts';
import { type Finished, launchProduct, type Product, ssh, sshdResources } from './product.ts';

const alicePassword = 'alice is a fine person';
const bobPassword = 'bob is another one';
/** A well-formed key that no server shows. */
const strangeKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEGzqxRv0GcZQ1LuIJATR6czZq39+UEi1CjDJgobaJ7i';

let product: Product;
let sshd: Sshd;
let admin: Person;
let alice: Person;
let secret: string;
/** Where the log ended before the attempt that is looked at. */
let before: string | null;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct(), launchSshd()]);
  admin = await logIn(product);
  await admin.apply(await resources(sshd));
  alice = await logIn(product, 'alice', alicePassword);
  secret = (await admin.token()).secret;
  before = await admin.head();
}, 120_000);

afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

async function resources(target: Sshd): Promise<string> {
  const one = (kind: string, name: string, spec: string): string =>
    `\n---\napiVersion: sallyport/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
  const key = `trust: {hostKeys: ["${target.hostKeyLine}"]}`;
  const address = (port: number): string => `protocol: ssh, address: "127.0.0.1:${String(port)}"`;
  const box = (name: string, spec: string, login = target.username, credential = 'box'): string =>
    one('Target', name, `{${spec}}`) +
    one('Account', name, `{target: ${name}, username: ${login}, credential: {password: ${credential}}}`);
  const right = (name: string, access: string, more = ''): string =>
    one('Entitlement', name, `{access: {targets: [${name}]${access}}, recording: required${more}}`) +
    one('Policy', name, `{assign: "true", entitlements: [${name}]}`);
  const good = `${address(target.port)}, ${key}`;
  return [
    sshdResources(target),
    one('User', 'alice', `{password: ${alicePassword}}`),
    one('User', 'bob', `{password: ${bobPassword}}`),
    one('Credential', 'wrong', '{password: never the right one}'),
    one('Condition', 'never', '{expression: "false"}'),
    box('hidden', good),
    box('reachable', good) + right('reachable', ', rights: [accessTarget, useCredential]'),
    box('conditional', good) + right('conditional', '', ', conditions: [never]'),
    box('approved', good) + right('approved', '', ', approval: {by: [admin]}'),
    box('off', `${good}, disabled: true`) + right('off', ''),
    box('untrusted', address(target.port)) + right('untrusted', ''),
    box('changed', `${address(target.port)}, trust: {hostKeys: ["${strangeKey}"]}`) + right('changed', ''),
    box('dead', `${address(await freePort())}, ${key}`) + right('dead', ''),
    box('locked', good, target.username, 'wrong') + right('locked', ''),
    box('twin', good) + one('Account', 'twin-2', '{target: twin, username: second, credential: {password: wrong}}'),
    right('twin', ''),
  ].join('');
}

/** One try with OpenSSH; it must not get in, and a good one after it must. */
async function refused(login: string, token: string): Promise<Finished> {
  before = await admin.head();
  const run = await ssh(product, login, token, ['echo in']);
  expect(run.stdout).toBe('');
  expect(run.code).not.toBe(0);
  expect(await ssh(product, 'admin~box', secret, ['echo in'])).toMatchObject({ code: 0, stdout: 'in\n', stderr: '' });
  return run;
}

/** The login itself is refused: one text for every reason, and an event with the reason. */
async function passRefused(login: string, token: string, reasons: readonly string[]): Promise<void> {
  const run = await refused(login, token);
  const url = `https://localhost:${String(product.webPort)}`;
  expect(run.stderr).toContain(
    `Access denied: this token or key does not open anything here. Make a new one at ${url}`,
  );
  const event = await admin.event(before, `a refused pass of ${login}`, ({ type }) => type === 'PassRefused');
  expect(reasons).toContain(event.data.reason);
  expect(event.data).toMatchObject({ door: 'ssh', source: '127.0.0.1' });
  expect(JSON.stringify(event)).not.toContain(token);
}

/** The login succeeds and no session opens: the text on the channel, exit status 1, and an event with the reason. */
async function sessionRefused(
  login: string,
  reason: string,
  token = secret,
): Promise<{ text: string; detail: string }> {
  const run = await refused(login, token);
  expect(run.code).toBe(1);
  const event = await admin.event(before, `a refused session of ${login}`, ({ type }) => type === 'SessionRefused');
  expect(event.data).toMatchObject({ reason, protocol: 'ssh', source: '127.0.0.1' });
  return { text: run.stderr, detail: String(event.data.detail) };
}

/** A session was admitted and its target did not open: ended with a reason. */
async function targetFailed(target: string, endReason: string): Promise<string> {
  const run = await refused(`admin~${target}`, secret);
  expect(run.code).toBe(1);
  await admin.event(before, `the end of the session on ${target}`, (event) => {
    return event.type === 'SessionEnded' && event.data.reason === endReason;
  });
  return run.stderr;
}

describe('a token that opens nothing', () => {
  it.each([
    ['wrong', 'spt_0000000000000000000000000000000000000000'],
    ['malformed', 'not a token'],
    ['long', `spt_${'x'.repeat(4_096)}`],
  ])('%s', async (_what, token) => {
    await passRefused('admin~box', token, ['no-match', 'malformed']);
  });

  it('of somebody else', async () => {
    await passRefused('admin~box', (await alice.token()).secret, ['no-match']);
  });

  it('for another protocol', async () => {
    const { secret: other } = await admin.token({ protocols: ['postgres'] });
    await passRefused('admin~box', other, ['wrong-protocol']);
  });

  it('for another target: told, since the person may go there otherwise', async () => {
    const { secret: other } = await admin.token({ target: 'box' });
    const { text } = await sessionRefused('admin~dead', 'pass-scope', other);
    expect(text).toBe(
      'sallyport: this token is for another target only: make one for this target, or without --target\n',
    );
    expect((await ssh(product, 'admin~box', other, ['echo in'])).stdout).toBe('in\n');
  });

  it('revoked', async () => {
    const token = await admin.token();
    await admin.revoke(token.id);
    await passRefused('admin~box', token.secret, ['revoked', 'no-match']);
  });

  it('expired', async () => {
    const token = await admin.token({ ttlSeconds: 1 });
    await until(() => Date.now() >= Date.parse(token.expiresAt), { what: 'the end of the token' });
    await passRefused('admin~box', token.secret, ['expired']);
  });

  it('of an unknown user', async () => {
    await passRefused('nobody~box', secret, ['unknown-user']);
  });

  it('of a user who was disabled', async () => {
    const bob = await logIn(product, 'bob', bobPassword);
    const { secret: own } = await bob.token();
    expect((await ssh(product, 'bob~box', own, ['echo in'])).stdout).toBe('in\n');
    await admin.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {disabled: true}\n');
    await passRefused('bob~box', own, ['disabled', 'revoked', 'no-match']);
  });
});

describe('a wish that is not granted', () => {
  it('absent and not allowed read the same, byte for byte; only the audit knows', async () => {
    const texts = new Set<string>();
    const details = new Set<string>();
    for (const login of ['absent', 'hidden', 'reachable', 'off', 'stranger~box']) {
      const { text, detail } = await sessionRefused(`admin~${login}`, 'not-allowed');
      const target = login.split('~').at(-1) ?? '';
      texts.add(text.replaceAll(`to ${target} was`, 'to NAME was'));
      details.add(detail.replaceAll(/\b(target|entitlement)-[0-9a-f-]{36}/g, '$1-ID'));
    }
    expect([...texts]).toEqual([
      'sallyport: access to NAME was refused: it does not exist or you may not reach it; `sallyport ls` shows what you may\n',
    ]);
    expect([...details]).toEqual([
      'there is no target of that name',
      'no policy gives them an entitlement to it',
      'entitlement-ID lacks startSession',
      'target target-ID is disabled',
      'target target-ID has no such account',
    ]);
  });

  it('a condition that does not hold', async () => {
    const { text, detail } = await sessionRefused('admin~conditional', 'condition-false');
    expect(text).toContain('access to conditional is not allowed now: a condition is not met');
    expect(detail).toMatch(/condition-\S+ does not hold/);
  });

  it('an approval that nobody can give yet', async () => {
    const { text } = await sessionRefused('admin~approved', 'approval-needed');
    expect(text).toContain('access to approved needs an approval');
  });

  it('no target named', async () => {
    const { text } = await sessionRefused('admin', 'no-target-named');
    expect(text).toBe('sallyport: no target named: log in as admin~TARGET or admin~ACCOUNT~TARGET\n');
  });

  it('two accounts and none named: they are listed, and naming one opens it', async () => {
    const { text } = await sessionRefused('admin~twin', 'account-ambiguous');
    expect(text).toContain(`admin~${sshd.username}~twin`);
    expect(text).toContain('admin~second~twin');
    const named = await ssh(product, `admin~${sshd.username}~twin`, secret, ['whoami']);
    expect(named.stdout).toBe(`${sshd.username}\n`);
  });
});

describe('a target that does not open', () => {
  it('without trust: the event names the key, and confirming it opens the target', async () => {
    expect(await targetFailed('untrusted', 'target-host-key-refused')).toContain(
      'untrusted shows a host key that is not trusted: an administrator confirms it with "sallyport target scan untrusted"',
    );
    const event = await admin.event(before, 'the refused key', ({ type }) => type === 'TargetHostKeyRefused');
    expect(event.data).toMatchObject({ offered: sshd.hostKeyLine, trusted: [] });
    expect(sshd.log()).not.toMatch(/Failed password/);
    await admin.apply(`apiVersion: sallyport/v1
kind: Target
metadata: {name: untrusted}
spec:
  protocol: ssh
  address: 127.0.0.1:${String(sshd.port)}
  trust: {hostKeys: ["${String(event.data.offered)}"]}
`);
    expect((await ssh(product, 'admin~untrusted', secret, ['whoami'])).stdout).toBe(`${sshd.username}\n`);
  });

  it('with a changed host key: refused before any credential is sent', async () => {
    const logins = sshd.log().split('Accepted password').length;
    expect(await targetFailed('changed', 'target-host-key-refused')).toContain(
      'changed shows a host key that is not trusted: an administrator confirms it with "sallyport target scan changed"',
    );
    const event = await admin.event(before, 'the refused key', ({ type }) => type === 'TargetHostKeyRefused');
    expect(event.data).toMatchObject({ offered: sshd.hostKeyLine, trusted: [strangeKey] });
    // One more: the good session after it.
    expect(sshd.log().split('Accepted password')).toHaveLength(logins + 1);
    expect(sshd.log()).not.toMatch(/Failed password/);
  });

  it('that cannot be reached', async () => {
    expect(await targetFailed('dead', 'target-unreachable')).toContain('dead cannot be reached: try again later');
  });

  it('that refuses the credential in custody', async () => {
    const text = await targetFailed('locked', 'target-login-failed');
    expect(text).toContain(
      `locked refused the login of ${sshd.username}: an administrator has to check the credential`,
    );
    expect(text).not.toContain('never the right one');
  });
});

describe('login names', () => {
  it('of 64 KB end in an error and an event', async () => {
    const run = await refused('x'.repeat(65_536), secret);
    expect(run.code).toBe(255);
    await admin.event(before, 'the refused name', ({ type }) => type === 'PassRefused');
  });

  it('of 257 characters, of four parts, with an empty part or a line separator are refused like a wrong token', async () => {
    for (const name of [`admin~${'x'.repeat(251)}`, 'admin~a~b~box', 'admin~~box', 'admin~b\u2028ox']) {
      await passRefused(name, secret, ['malformed']);
    }
  });

  it('of every written form lead to the same account and target', async () => {
    const { username } = sshd;
    const forms = ['admin~box', `admin~${username}~box`, `admin[${username}@box]`, 'admin#box', 'admin:box'];
    for (const name of forms) {
      expect((await ssh(product, name, secret, ['whoami'])).stdout, name).toBe(`${username}\n`);
    }
  });
});

it('the log holds together after all of this', async () => {
  expect((await product.cli(['audit', 'verify'])).stdout).toMatch(/^ok: \d+ events/);
});
