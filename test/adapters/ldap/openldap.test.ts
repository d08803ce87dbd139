import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { DirectoryProvider, IdentityFact } from '../../../src/application/ports/identity-providers.ts';
import { makeLdapDirectory } from '../../../src/adapters/ldap/ldap-directory.ts';
import type { LdapSettings } from '../../../src/adapters/ldap/settings.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import { makeTestCa } from '../../kit/certificates.ts';
import { collect } from '../../kit/collect.ts';
import { launchOpenLdap, type OpenLdap } from '../../kit/openldap.ts';
import { openLdapBases } from '../../kit/provider-specs.ts';
import { freePort } from '../../kit/ports.ts';
import { soon, until } from '../../kit/until.ts';

const people = 'ou=people,dc=peer,dc=test';
const crowd = 620;
const anywhere = targetResolver([]);
let slapd: OpenLdap;
let directory: DirectoryProvider;

const person = (uid: string, lines: readonly string[] = []): string =>
  [
    `dn: uid=${uid},${people}`,
    'objectClass: inetOrgPerson',
    'objectClass: shadowAccount',
    `uid: ${uid}`,
    `cn: ${uid}`,
    `sn: ${uid}`,
    `userPassword: pw-${uid}`,
    ...lines,
  ].join('\n');
const group = (cn: string, ...members: readonly string[]): string =>
  [
    `dn: cn=${cn},ou=groups,dc=peer,dc=test`,
    'objectClass: groupOfNames',
    `cn: ${cn}`,
    ...members.map((dn) => `member: ${dn}`),
  ].join('\n');
const inGroups = (cn: string): string => `cn=${cn},ou=groups,dc=peer,dc=test`;

const ldif = [
  person('alice', ['mail: alice@peer.test']),
  person('marc', [
    'departmentNumber: r&d',
    'departmentNumber: eng',
    'l: Köln',
    `jpegPhoto:: ${Buffer.from([0xff, 0xd8]).toString('base64')}`,
    ...Array.from({ length: 101 }, (_, index) => `description: d${index}`),
  ]),
  person('twin1', ['mail: twin@peer.test']),
  person('twin2', ['mail: twin@peer.test']),
  person('past', ['shadowExpire: 10000']),
  person('lock'),
  person('banned'),
  person('reset'),
  person('aged', ['pwdPolicySubentry: cn=short,dc=peer,dc=test']),
  `dn: cn=short,dc=peer,dc=test\nobjectClass: device\nobjectClass: pwdPolicy\ncn: short\npwdAttribute: userPassword\npwdMaxAge: 1`,
  group('inner', `uid=alice,${people}`, inGroups('outer')),
  group('middle', inGroups('inner')),
  group('outer', inGroups('middle')),
  ...Array.from({ length: 14 }, (_, level) =>
    group(`deep${level}`, level === 0 ? `uid=twin1,${people}` : inGroups(`deep${level - 1}`)),
  ),
  ...Array.from({ length: crowd }, (_, index) => person(`crowd${index}`)),
].join('\n\n');

beforeAll(async () => {
  slapd = await launchOpenLdap({ ldif });
  directory = makeLdapDirectory(settings(), anywhere);
});

afterAll(async () => {
  await directory?.close();
  await slapd?.stop();
});

const settings = (changes: Partial<LdapSettings> = {}): LdapSettings => ({
  name: 'corp',
  urls: [slapd.url],
  ca: slapd.ca.pem,
  ...openLdapBases,
  ...changes,
});

function made(changes: Partial<LdapSettings>): DirectoryProvider {
  const provider = makeLdapDirectory(settings(changes), anywhere);
  onTestFinished(async () => {
    await provider.close();
  });
  return provider;
}

const identityOf = async (uid: string): Promise<IdentityFact> => {
  const answer = await directory.check(uid, `pw-${uid}`);
  if (!answer.ok) throw new Error(`${answer.reason}: ${answer.detail}`);
  return answer.identity;
};

const replace = async (uid: string, type: string, value: string): Promise<void> => {
  await slapd.asAdmin(async (client) => {
    const modification = new Attribute({ type, values: [value] });
    await client.modify(`uid=${uid},${people}`, new Change({ operation: 'replace', modification }));
  });
};

test('a login gives the entryUUID as subject and groups through groups, also in a circle', async () => {
  const alice = await identityOf('alice');
  expect(alice).toEqual({
    provider: 'corp',
    subject: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    username: 'alice',
    email: 'alice@peer.test',
    groups: ['inner', 'middle', 'outer'],
    attributes: {},
    standing: 'active',
  });
  expect(await directory.find(alice.subject)).toEqual(alice);
});

test('attributes are those that the resource names, each as a whole or not at all, and the rest of the fact stands', async () => {
  const attributes = {
    department: 'departmentNUMBER',
    city: 'l',
    room: 'roomNumber',
    notes: 'description',
    photo: 'jpegPhoto',
  };
  const provider = made({ claims: { attributes } });
  const answer = await provider.check('marc', 'pw-marc');
  if (!answer.ok) throw new Error(answer.detail);
  const { department, ...rest } = answer.identity.attributes;
  expect([...(department ?? [])].sort()).toEqual(['eng', 'r&d']);
  expect(rest).toEqual({ city: ['Köln'], room: [] });
  expect(answer.identity).toMatchObject({ username: 'marc', standing: 'active' });
  expect(await provider.find(answer.identity.subject)).toEqual(answer.identity);
});

test('groups nested deeper than the bound give no fact, instead of fewer groups', async () => {
  expect(await directory.check('twin1', 'pw-twin1')).toMatchObject({ ok: false, reason: 'untrusted' });
});

test('StartTLS gives the same, and the server would not take a bind without it', async () => {
  const answer = await made({ urls: [slapd.plainUrl] }).check('alice', 'pw-alice');
  expect(answer).toEqual({ ok: true, identity: await identityOf('alice') });
});

test.each(['', '\0', '\0\0\0', '\0pw-alice', 'pw-alice\0', undefined, null, 7, {}])(
  'the password %j reaches no server',
  async (password) => {
    const fresh = made({});
    const before = slapd.log().length;
    expect(await fresh.check('alice', password as string)).toMatchObject({ ok: false, reason: 'wrong-answer' });
    // What the server logs of the next login is there: nothing came before it.
    expect(await fresh.check('alice', 'pw-alice')).toMatchObject({ ok: true });
    await soon(() => expect(slapd.log().slice(before)).toMatch(/BIND dn="uid=alice/));
    expect(
      slapd
        .log()
        .slice(before)
        .match(/ACCEPT from/g),
    ).toHaveLength(1);
  },
);

test('filter characters in a name are a name', async () => {
  const names = [
    '*',
    'al*',
    'alice)(uid=*',
    '*)(uid=alice',
    'alice\\00',
    '\\61lice',
    'alice)(|(uid=*',
    '(uid=alice)',
    'a\0',
  ];
  for (const name of names) {
    expect(await directory.check(name, 'pw-alice'), name).toMatchObject({ ok: false, reason: 'unknown-user' });
  }
});

test('two entries under one name are nobody, whoever has the password', async () => {
  const byMail = made({ userFilter: '(mail={username})', groupBase: undefined });
  expect(await byMail.check('twin@peer.test', 'pw-twin1')).toMatchObject({ ok: false, reason: 'ambiguous' });
  expect(await byMail.check('alice@peer.test', 'pw-alice')).toMatchObject({ ok: true });
});

test('wrong passwords are refused, and lock the account until its time is over', async () => {
  const { subject } = await identityOf('lock');
  for (const guess of ['a', 'b', 'c']) {
    expect(await directory.check('lock', guess)).toMatchObject({ ok: false, reason: 'wrong-answer' });
  }
  expect(await directory.check('lock', 'pw-lock')).toMatchObject({ ok: false, reason: 'locked-out' });
  expect(await directory.find(subject)).toMatchObject({ standing: 'locked' });
  const again = await until(
    async () => {
      const answer = await directory.check('lock', 'pw-lock');
      return answer.ok && answer.identity;
    },
    { what: 'the lock to end' },
  );
  expect(again).toMatchObject({ subject, standing: 'active' });
});

test('an account locked by an administrator, one past its end and one that must change its password', async () => {
  const { subject } = await identityOf('banned');
  await replace('banned', 'pwdAccountLockedTime', '000001010000Z');
  expect(await directory.check('banned', 'pw-banned')).toMatchObject({ ok: false, reason: 'locked-out' });
  expect(await directory.find(subject)).toMatchObject({ standing: 'disabled' });
  expect(await identityOf('past')).toMatchObject({ standing: 'expired' });
  await replace('reset', 'pwdReset', 'TRUE');
  const reset = await identityOf('reset');
  expect(reset).toMatchObject({ standing: 'must-change' });
  expect(await directory.find(reset.subject)).toMatchObject({ standing: 'must-change' });
});

test('a password that is too old is said to be right and to be changed; a wrong one is wrong', async () => {
  await replace('aged', 'userPassword', 'pw-aged');
  await until(async () => (await identityOf('aged')).standing === 'must-change', {
    what: 'the password to be too old',
  });
  expect(await directory.check('aged', 'wrong')).toMatchObject({ ok: false, reason: 'wrong-answer' });
});

test('everybody is read to the end, past the page and past the size limit of the server', async () => {
  const names: string[] = [];
  for await (const { username } of made({ groupBase: undefined }).everybody()) names.push(username);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.startsWith('crowd'))).toHaveLength(crowd);
});

test('an empty directory is an error, not a world without people', async () => {
  const nobody = made({ userBase: 'ou=groups,dc=peer,dc=test' });
  await expect(collect(nobody.everybody())).rejects.toMatchObject({ reason: 'missing-claim' });
});

test('who is no longer let through by the filter is not there any more', async () => {
  const { subject } = await identityOf('alice');
  const filtered = made({ userFilter: '(&(uid={username})(mail=*@elsewhere.test))' });
  expect(await filtered.find(subject)).toBeNull();
  expect(await filtered.check('alice', 'pw-alice')).toMatchObject({ ok: false, reason: 'unknown-user' });
});

test('a server whose name or authority does not fit is asked nothing', async () => {
  const stranger = await makeTestCa('Stranger');
  const byOther = made({ ca: stranger.pem });
  const byName = made({ urls: [slapd.url.replace('127.0.0.1', '127.0.0.1.nip.invalid'), slapd.url] });
  const before = slapd.log().length;
  expect(await byOther.check('alice', 'pw-alice')).toMatchObject({ ok: false, reason: 'untrusted' });
  expect(await made({ ca: stranger.pem, urls: [slapd.plainUrl] }).check('alice', 'pw-alice')).toMatchObject({
    ok: false,
    reason: 'untrusted',
  });
  expect(slapd.log().slice(before)).not.toMatch(/BIND dn="/);
  expect(await byName.check('alice', 'pw-alice')).toMatchObject({ ok: true });
});

test('a certificate for another name is refused, over LDAPS and StartTLS', async () => {
  const other = await launchOpenLdap({ ldif: person('alice'), ca: slapd.ca, names: ['dc9.peer.test'] });
  onTestFinished(async () => {
    await other.stop();
  });
  for (const url of [other.url, other.plainUrl]) {
    expect(await made({ urls: [url] }).check('alice', 'pw-alice'), url).toMatchObject({
      ok: false,
      reason: 'untrusted',
    });
  }
  expect(other.log()).not.toMatch(/BIND dn="uid=alice/);
});

test('the next server answers when the first is gone', async () => {
  const gone = `ldaps://127.0.0.1:${await freePort()}`;
  expect(await made({ urls: [gone, slapd.url] }).check('alice', 'pw-alice')).toMatchObject({ ok: true });
  expect(await made({ urls: [gone] }).check('alice', 'pw-alice')).toMatchObject({ ok: false, reason: 'unavailable' });
  await expect(made({ urls: [gone] }).find('x')).rejects.toMatchObject({ reason: 'unavailable' });
});

test('a searching account that is refused says where to look', async () => {
  const answer = await made({ bindPassword: 'wrong' }).check('alice', 'pw-alice');
  expect(answer).toMatchObject({ ok: false, reason: 'unavailable', detail: expect.stringContaining('bindPassword') });
});

test.each([
  '(uid=alice)',
  '(uid={username}*)',
  '(!(uid={username}))',
  '({username}=alice)',
  '(uid={username})(x=y)',
  '(&(uid={username})(cn={dn}))',
  '',
])('the filter %j is refused before it is used', (userFilter) => {
  expect(() => makeLdapDirectory(settings({ userFilter }), anywhere)).toThrow(/LDAP filter/);
});

test.each(['http://x', 'ldaps://', 'ldap://host/dc=x', 'ldapi:///', 'host:636', 'ldaps://u:p@host'])(
  'the address %j is refused before it is used',
  (url) => {
    expect(() => makeLdapDirectory(settings({ urls: [url] }), anywhere)).toThrow(/LDAP server/);
  },
);
