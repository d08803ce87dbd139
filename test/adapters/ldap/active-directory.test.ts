import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DirectoryProvider, IdentityFact } from '../../../src/application/ports/identity-providers.ts';
import { makeLdapDirectory } from '../../../src/adapters/ldap/ldap-directory.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import { collect } from '../../kit/collect.ts';
import { launchSambaAd, type SambaAd } from '../../kit/samba-ad.ts';

const password = 'Right-Passw0rd!';
let ad: SambaAd;
let directory: DirectoryProvider;
let alice: string;

beforeAll(async () => {
  ad = await launchSambaAd();
  alice = await ad.addUser('alice', password, { mail: 'alice@ad.test' });
  const inner = await ad.addGroup('inner', [alice]);
  const middle = await ad.addGroup('middle', [inner]);
  await ad.addGroup('outer', [middle]);
  await ad.addGroup('strangers', []);
  directory = directoryOf(ad.url);
});

afterAll(async () => {
  await directory?.close();
  await ad?.stop();
});

const directoryOf = (url: string): DirectoryProvider =>
  makeLdapDirectory(
    {
      name: 'corp',
      urls: [url],
      ca: ad.ca.pem,
      bindDn: ad.adminUpn,
      bindPassword: ad.adminPassword,
      userBase: ad.base,
      groupBase: ad.base,
    },
    targetResolver([]),
  );

const replace = async (dn: string, type: string, value: string): Promise<void> => {
  await ad.asAdmin(async (client) => {
    await client.modify(
      dn,
      new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) }),
    );
  });
};

const identityOf = async (username: string): Promise<IdentityFact> => {
  const answer = await directory.check(username, password);
  if (!answer.ok) throw new Error(`${answer.reason}: ${answer.detail}`);
  return answer.identity;
};

const all = async (): Promise<IdentityFact[]> => await collect(directory.everybody());

test('sAMAccountName and UPN are the same person, with nested groups and the objectGUID as subject', async () => {
  const short = await identityOf('alice');
  expect(short).toEqual({
    provider: 'corp',
    subject: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    username: 'alice',
    email: 'alice@ad.test',
    groups: ['inner', 'middle', 'outer'],
    attributes: {},
    standing: 'active',
  });
  expect(await identityOf('Alice@AD.test')).toEqual(short);
  expect(await directory.find(short.subject)).toEqual(short);
});

test('the subject is the GUID as the directory itself writes it', async () => {
  const { subject } = await identityOf('alice');
  const { searchEntries } = await ad.asAdmin(
    async (client) => await client.search(`<GUID=${subject}>`, { scope: 'base' }),
  );
  expect(searchEntries[0]?.dn).toBe(alice);
});

test('StartTLS gives the same', async () => {
  const started = directoryOf(ad.plainUrl);
  expect(await started.check('alice', password)).toMatchObject({ ok: true });
  await started.close();
});

test('a wrong password, an unknown name and the characters of a filter are refused', async () => {
  expect(await directory.check('alice', 'wrong')).toMatchObject({ ok: false, reason: 'wrong-answer' });
  expect(await directory.check('alice', password)).toMatchObject({ ok: true });
  for (const name of ['nobody', 'ali*', '*', 'alice)(cn=*', 'alice\\2a', 'ADTEST\\alice']) {
    expect(await directory.check(name, password), name).toMatchObject({ ok: false, reason: 'unknown-user' });
  }
});

test.each([
  { standing: 'disabled', attribute: 'userAccountControl', value: '514' },
  { standing: 'expired', attribute: 'accountExpires', value: '130000000000000000' },
  { standing: 'must-change', attribute: 'pwdLastSet', value: '0' },
])(
  '$standing is said at a login with the right password, and seen by the sync',
  async ({ standing, attribute, value }) => {
    const name = `x-${standing}`;
    const dn = await ad.addUser(name, password);
    const { subject } = await identityOf(name);
    await replace(dn, attribute, value);
    expect(await identityOf(name)).toMatchObject({ subject, standing });
    expect(await directory.check(name, 'wrong')).toMatchObject({ ok: false, reason: 'wrong-answer' });
    expect(await directory.find(subject)).toMatchObject({ subject, standing });
  },
);

test('a locked account is tried no more, and says nothing of the password', async () => {
  await ad.addUser('lola', password);
  const { subject } = await identityOf('lola');
  for (const guess of ['a', 'b', 'c']) await directory.check('lola', guess);
  for (const guess of ['d', password]) {
    expect(await directory.check('lola', guess)).toMatchObject({ ok: false, reason: 'locked-out' });
  }
  expect(await directory.find(subject)).toMatchObject({ standing: 'locked' });
});

test('a group that somebody leaves and a person who is deleted are gone at the next look', async () => {
  const zoe = await ad.addUser('zoe', password);
  const group = await ad.addGroup('short-lived', [zoe]);
  const { subject, groups } = await identityOf('zoe');
  expect(groups).toEqual(['short-lived']);
  await ad.asAdmin(async (client) => {
    await client.del(group);
  });
  expect(await directory.find(subject)).toMatchObject({ groups: [] });
  await ad.asAdmin(async (client) => {
    await client.del(zoe);
  });
  expect(await directory.find(subject)).toBeNull();
  expect((await all()).map(({ username }) => username)).not.toContain('zoe');
});

test('everybody holds each person once, with groups, and no group or computer', async () => {
  const people = await all();
  expect(people.find(({ username }) => username === 'alice')).toEqual(await identityOf('alice'));
  const names = people.map(({ username }) => username);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('Administrator');
  expect(names).not.toContain('inner');
  expect(names).not.toContain('DC1$');
});

test.each([
  ['12345678-1234-1234-1234-123456789abc', null],
  ['nobody', null],
  ['*', null],
])('the subject %s is nobody', async (subject, seen) => {
  expect(await directory.find(subject)).toBe(seen);
});
