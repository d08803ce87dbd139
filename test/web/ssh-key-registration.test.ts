import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { documentsOf, joined, accountName } from '../../web/src/screens/ssh-keys/register/documents.ts';
import { devicesOf, emptyDraft, labelsOf, usernameOf } from '../../web/src/screens/ssh-keys/register/draft.ts';
import { isEncrypted } from '../../web/src/screens/ssh-keys/register/key-lock.ts';
import { newPassword } from '../../web/src/screens/ssh-keys/register/passwords.ts';
import { placedProblems } from '../../web/src/screens/ssh-keys/register/placed-problems.ts';

const pem = '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n';
const draft = {
  ...emptyDraft,
  name: 'id: rsa',
  tags: ['ops', 'env=Prod=1'],
  owner: 'deploy',
  privateKey: pem,
  publicKey: ' ssh-rsa AAAA me \n',
  password: 'p: # "x"',
  mainDevice: 'web-1',
  moreDevices: ['db-1', 'web-1'],
};
const plan = (device: string) => ({ device, name: accountName(draft.name, device), standing: null, uses: true });

test('a registration is the key, and an account on each device', () => {
  const { text } = joined(documentsOf(draft, devicesOf(draft).map(plan)));
  const account = (target: string) => ({
    apiVersion: 'sallyport/v1',
    kind: 'Account',
    metadata: { name: `id- rsa@${target}` },
    spec: { target, username: 'deploy', credential: { sshKey: 'id: rsa' } },
  });
  expect(parseAllDocuments(text).map((each) => each.toJS() as unknown)).toEqual([
    {
      apiVersion: 'sallyport/v1',
      kind: 'SshKey',
      metadata: { name: 'id: rsa', labels: { ops: 'true', env: 'Prod=1' } },
      spec: {
        username: 'deploy',
        owner: 'deploy',
        status: 'active',
        privateKey: pem,
        publicKey: 'ssh-rsa AAAA me',
        passphrase: 'p: # "x"',
        mainTarget: 'web-1',
        targets: ['db-1'],
      },
    },
    account('web-1'),
    account('db-1'),
  ]);
});

test('a pair that is made takes nothing of a given one along; a standing account keeps what it is, or is left alone', () => {
  const standing = {
    apiVersion: 'sallyport/v1',
    kind: 'Account',
    metadata: { name: 'a', labels: { x: 'y' } },
    spec: { target: 'db-1', username: 'root', credential: { password: 'a' } },
  };
  const made = { ...draft, source: 'made', username: 'root', mainDevice: '', moreDevices: ['db-1'] } as const;
  const plans = [{ device: 'db-1', name: 'a', standing, uses: true }];
  const [key, account] = documentsOf(made, plans);
  expect(key?.spec).toEqual({
    username: 'root',
    owner: 'deploy',
    status: 'active',
    generate: 'ed25519',
    targets: ['db-1'],
  });
  expect(account).toEqual({ ...standing, spec: { ...standing.spec, credential: { sshKey: 'id: rsa' } } });
  expect(documentsOf(made, [{ device: 'db-1', name: 'a', standing, uses: false }])).toHaveLength(1);
  expect(usernameOf({ username: '', owner: 'deploy' })).toBe('');
  expect(labelsOf([' a = b '])).toEqual({ a: 'b' });
  expect(accountName('k'.repeat(200), 'x').length).toBe(128);
});

test('each line leads to its document, and each error to its input', () => {
  const documents = documentsOf(draft, devicesOf(draft).map(plan));
  const { text, at } = joined(documents);
  const targets = text.split('\n').flatMap((line, index) => {
    const [, shown] = /^ {2}target: (.+)$/.exec(line) ?? [];
    return shown === undefined ? [] : [[shown, documents[at(index + 1)]?.spec.target]];
  });
  expect(targets).toEqual([
    ['web-1', 'web-1'],
    ['db-1', 'db-1'],
  ]);
  const error = (message: string, line: number | null = 1) => ({ message, line });
  const problems = placedProblems(
    [
      error('metadata.labels.a b: is no label name'),
      error('spec.passphrase: is given, but the private key is not encrypted'),
      error('spec.targets[0]: there is no Target "x"'),
      error('spec: privateKey or generate is missing'),
      error('metadata.name: holds a blank', text.split('\n').length - 1),
      error('the log is full', null),
    ],
    documents,
    at,
  );
  expect(problems.map(({ tab, field }) => `${tab} ${field}`)).toEqual([
    'information tags',
    'key password',
    'devices moreDevices',
    'key privateKey',
    'review ',
    'review ',
  ]);
  expect(problems[1]?.message).toContain('ssh-keygen -p');
  expect(problems[4]?.label).toBe('Account id- rsa@db-1');
});

test('what a private key says of its encryption is read, and a drawn password is new each time', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  const openssh = (cipher: string): string => {
    const head = Buffer.from(`openssh-key-v1\0\0\0\0${String.fromCharCode(cipher.length)}${cipher}`, 'latin1');
    const body = Buffer.concat([head, Buffer.alloc(40)]).toString('base64');
    return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
  };
  expect(isEncrypted(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toBe(false);
  expect(isEncrypted(privateKey.export(locked).toString())).toBe(true);
  expect(isEncrypted(pem)).toBe(true);
  expect(isEncrypted(openssh('none'))).toBe(false);
  expect(isEncrypted(openssh('aes256-ctr'))).toBe(true);
  expect(isEncrypted('-----BEGIN OPENSSH PRIVATE KEY-----\n%%%')).toBeNull();
  expect(isEncrypted('ssh-rsa AAAA')).toBeNull();
  const drawn = Array.from({ length: 50 }, newPassword);
  expect(new Set(drawn).size).toBe(50);
  expect(drawn.every((each) => /^[\w-]{24}$/.test(each))).toBe(true);
});
