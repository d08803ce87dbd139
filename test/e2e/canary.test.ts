import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { descendants } from '../kit/process-tree.ts';
import { until } from '../kit/until.ts';
import { keyedResources, lockedKey } from './locked-key.ts';
import { findBelow, findIn, type Needle, needlesOf } from './needles.ts';
import { logIn } from './person.ts';
import { launchProduct, type Product, ssh, sshdResources } from './product.ts';

const canary = (name: string): string => `${name}-${randomBytes(9).toString('hex')}`;
const secrets = {
  'admin password': canary('admin pass/word+"quoted"'),
  'user password': canary('üser-pässword'),
  'wrong password': canary('wrong-password'),
  'wrong token': canary('wrong-token'),
  'password typed as login name': canary('typed-in-the-wrong-field'),
  passphrase: canary('passphrase of the key'),
  'command line': canary('command-line'),
  'typed line': canary('typed-line'),
} as const;
const person = { name: canary('alice'), email: `${canary('alice')}@people.example` };

let product: Product;
let sshd: Sshd;
const needles: Needle[] = [];
const masterKey: Needle[] = [];

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct({ passwordInFile: secrets['admin password'] }), launchSshd()]);
  for (const [name, value] of Object.entries(secrets)) needles.push(...needlesOf(name, value));
  await useEverySecret();
}, 120_000);

afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

/** The 32 bytes that are the key (RFC 8032), from OpenSSH's format, where the public half follows them. */
function seedOf(pem: string, publicLine: string): Buffer {
  const body = Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64');
  const publicHalf = Buffer.from(publicLine.split(' ')[1] ?? '', 'base64').subarray(-32);
  const at = body.lastIndexOf(publicHalf);
  return body.subarray(at - 32, at);
}

async function useEverySecret(): Promise<void> {
  const pem = await lockedKey(sshd, secrets.passphrase);
  const admin = await logIn(product);
  await admin.apply(`${sshdResources(sshd)}---
apiVersion: sallyport/v1
kind: User
metadata: {name: ${person.name}}
spec: {email: ${person.email}, password: ${JSON.stringify(secrets['user password'])}}
---${keyedResources(sshd, 'keyed', pem, secrets.passphrase)}`);
  const alice = await logIn(product, person.name, secrets['user password']);
  const tokens = [await admin.token(), await alice.token(), await alice.token()] as const;
  for (const [name, password] of [
    [person.name, secrets['wrong password']],
    [secrets['password typed as login name'], 'x'],
  ] as const) {
    await expect(logIn(product, name, password)).rejects.toThrow();
  }
  const run = { input: `echo ${secrets['typed line']}\n` };
  for (const target of ['box', 'keyed']) {
    const typed = await ssh(product, `${person.name}~${target}`, tokens[1].secret, [], run);
    expect(typed.stdout).toContain(secrets['typed line']);
  }
  const line = await ssh(product, 'admin~box', tokens[0].secret, ['echo', secrets['command line']]);
  expect(line.stdout).toContain(secrets['command line']);
  expect((await ssh(product, 'admin~box', secrets['wrong token'], ['true'])).code).not.toBe(0);
  expect((await ssh(product, secrets['password typed as login name'], 'x', ['true'])).code).not.toBe(0);
  await alice.revoke(tokens[2].id);
  const cli = { user: person.name, password: secrets['user password'] };
  await product.cli(['login'], cli);
  const list = async () => (await product.cli(['sessions', 'list', '--format', 'json'], cli)).stdout;
  await until(async () => (await list()).includes('closed-by-'), { what: 'an ended session in the list' });

  const key = Buffer.from(readFileSync(join(product.dataFolder, 'keys/master.key'), 'utf8').trim(), 'hex');
  expect(key).toHaveLength(32);
  masterKey.push(...needlesOf('master key', key), ...needlesOf('master key, written', key.toString('hex')));
  tokens.forEach(({ secret }, index) => needles.push(...needlesOf(`token ${String(index)}`, secret)));
  needles.push(
    ...needlesOf('bearer of admin', admin.bearer),
    ...needlesOf('bearer of alice', alice.bearer),
    ...needlesOf('password of the target', sshd.password),
    ...needlesOf('private key', seedOf(sshd.userKeyPem, sshd.userPublicKeyLine)),
    ...pem
      .split('\n')
      .slice(2)
      .filter(({ length }) => length === 70)
      .flatMap((text) => needlesOf('private key file', text)),
  );
}

const inFolder = (): readonly string[] => [
  ...findBelow(product.dataFolder, needles),
  ...findBelow(product.dataFolder, masterKey).filter((found) => !found.startsWith('keys/master.key: ')),
];

it('the search finds what is there', () => {
  expect(findBelow(product.dataFolder, masterKey).filter((found) => found.startsWith('keys/master.key: '))).not.toEqual(
    [],
  );
  expect(findBelow(join(product.dataFolder, 'log'), needlesOf('name of a target', 'keyed'))).not.toEqual([]);
  for (const shift of ['', 'x', 'xy', 'xyz']) {
    const hay = Buffer.from(Buffer.from(`${shift}a secret?>and more`).toString('base64'));
    expect(findIn('hay', hay, needlesOf('it', 'a secret?>'))).not.toEqual([]);
  }
});

it('no secret stands in the output, the command line or the environment of the processes', () => {
  const { pid, stdout, stderr } = product.running();
  const all = [...needles, ...masterKey];
  expect(findIn('output', Buffer.from(stdout() + stderr()), all)).toEqual([]);
  for (const each of [pid, ...descendants(pid)]) {
    for (const file of ['cmdline', 'environ']) {
      expect(findIn(file, readFileSync(`/proc/${String(each)}/${file}`), all)).toEqual([]);
    }
  }
});

it('no secret stands in the data folder while it runs, nor after it has stopped and started again', async () => {
  expect(inFolder()).toEqual([]);
  const { stop, stdout, stderr } = product.running();
  await stop();
  expect(inFolder()).toEqual([]);
  expect(findIn('output', Buffer.from(stdout() + stderr()), [...needles, ...masterKey])).toEqual([]);
  await product.restart();
  expect(inFolder()).toEqual([]);
});

it('name and address of a person stand in the directory view alone, not in the log', () => {
  const people = [...needlesOf('name', person.name), ...needlesOf('e-mail', person.email)];
  const found = findBelow(product.dataFolder, people);
  expect(found.filter((each) => !/^views\/directory[^/]*: /.test(each))).toEqual([]);
  expect(found).not.toEqual([]);
});
