import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeLdapDirectory } from '../../../src/adapters/ldap/ldap-directory.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import type { DirectoryProvider, IdentityFact } from '../../../src/application/ports/identity-providers.ts';
import { viewerOf } from '../../../src/application/commands/logins.ts';
import { launchOpenLdap, type OpenLdap } from '../../kit/openldap.ts';
import { until } from '../../kit/until.ts';
import { instead } from '../kit/house.ts';
import { openDesk, password, providersOf } from '../kit/login-desk.ts';

const base = 'ou=people,dc=peer,dc=test';
const person = (uid: string): string =>
  `dn: uid=${uid},${base}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: ${uid}\nmail: ${uid}@peer.test\nuserPassword: pw-${uid}`;
const ldif = [
  person('nora'),
  person('alice'),
  `dn: cn=ops,ou=groups,dc=peer,dc=test\nobjectClass: groupOfNames\ncn: ops\nmember: uid=nora,${base}`,
].join('\n\n');

let slapd: OpenLdap;
let corp: DirectoryProvider;

beforeAll(async () => {
  slapd = await launchOpenLdap({ ldif });
  corp = makeLdapDirectory(
    {
      name: 'corp',
      urls: [slapd.url],
      ca: slapd.ca.pem,
      bindDn: 'cn=svc,dc=peer,dc=test',
      bindPassword: 'svc-pw',
      userBase: base,
      groupBase: 'ou=groups,dc=peer,dc=test',
      claims: { attributes: { alias: 'mail' } },
    },
    targetResolver([]),
  );
});
afterAll(async () => {
  await corp.close();
  await slapd.stop();
});

const withCorp = (createsUsers = true) => openDesk({ providers: providersOf({ directories: { corp }, createsUsers }) });
const nora: IdentityFact = {
  provider: 'corp',
  subject: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  username: 'nora',
  email: null,
  groups: [],
  attributes: {},
  standing: 'active',
};
/** A directory that says of everybody the same. */
const saying = (answer: Awaited<ReturnType<DirectoryProvider['check']>>): DirectoryProvider => ({
  check: async () => answer,
  find: async () => null,
  everybody: async function* () {
    yield nora;
  },
  close: async () => undefined,
});

it('somebody of the directory who was never here logs in, and is a person of that name from then on', async () => {
  const desk = await withCorp();
  const { house, activity } = desk;
  const first = await desk.login('nora', 'pw-nora');
  if (first.status !== 'success') throw new Error(JSON.stringify(first));
  expect(first.user.name).toBe('nora');
  expect(await viewerOf(desk.deps, activity, first.login.secret)).toMatchObject({ userName: 'nora', roles: [] });
  const second = await desk.login('NORA', 'pw-nora', 'corp');
  if (second.status !== 'success') throw new Error(JSON.stringify(second));
  expect(second.user).toEqual(first.user);
  expect(second.login.loginId).not.toBe(first.login.loginId);
  expect(second.login.secret).not.toBe(first.login.secret);
  const [linked, ...more] = await house.events('IdentityLinked');
  expect(more).toEqual([]);
  expect(linked?.data).toMatchObject({ userId: first.user.id, provider: 'corp', by: 'first-login' });
  expect((await house.events('IdentityObserved')).map(({ data }) => data)).toMatchObject([
    {
      ...{ username: 'nora', email: 'nora@peer.test', groups: ['ops'], standing: 'active', by: 'login' },
      attributes: '{"alias":["nora@peer.test"]}',
    },
  ]);
  const identityId = linked?.stream;
  expect((await house.events('LoginOpened')).map(({ data }) => data)).toMatchObject([
    { provider: 'corp', identityId, factors: ['UP'] },
    { provider: 'corp', identityId, factors: ['UP'] },
  ]);
  expect(await house.events('UserCreated')).toHaveLength(2);
  expect((await house.events('UserCreated')).at(-1)?.data).toMatchObject({ bornOf: identityId });
});

it('eight first logins at once make one person', async () => {
  const desk = await withCorp();
  const all = await Promise.all(Array.from({ length: 8 }, () => desk.login('nora', 'pw-nora')));
  const users = all.map((one) => (one.status === 'success' ? one.user.id : one.status));
  expect(new Set(users).size).toBe(1);
  expect(users[0]).toMatch(/^user-/);
  const [, ...made] = await desk.house.events('UserCreated');
  expect(made).toHaveLength(1);
  expect(await desk.house.events('IdentityLinked')).toHaveLength(1);
});

it('a first login that was cut off behind the name or behind the person is finished by the next one', async () => {
  for (const cut of ['UserCreated', 'IdentityLinked']) {
    const desk = await withCorp();
    const { log } = desk.deps.tools;
    let down = true;
    const append: typeof log.append = (stream, expected, events) => {
      if (down && events.some(({ type }) => type === cut)) return Promise.reject(new Error('the power went'));
      return log.append(stream, expected, events);
    };
    const tools = { ...desk.deps.tools, log: instead(log, { append }) };
    Object.assign(desk.deps, { tools });
    await expect(desk.login('nora', 'pw-nora')).rejects.toThrow('the power went');
    down = false;
    expect((await desk.login('nora', 'pw-nora')).status).toBe('success');
    expect((await desk.house.events('UserCreated')).at(-1)?.data).toMatchObject({ name: 'nora' });
  }
});

it('a name that somebody has here is not given away, until its owner links the identity', async () => {
  const desk = await withCorp();
  const { house, face } = desk;
  const taken = await desk.login('alice', 'pw-alice', 'corp');
  expect(taken).toMatchObject({ status: 'failed', message: expect.stringContaining('is taken') as string });
  expect(await house.events('LoginOpened')).toEqual([]);
  expect(await house.events('IdentityLinked')).toEqual([]);

  const link = await face.startLink(await desk.viewer(), {
    provider: 'corp',
    userName: 'alice',
    door: 'web',
    source: 's',
  });
  if (!link.ok) throw new Error('no link');
  const { authenticationId } = link;
  expect(await desk.answer(link, 'pw-alice')).toEqual({ status: 'shown', authenticationId, purpose: 'link' });
  expect(await house.events('LoginOpened'), 'that of alice: a link opens none').toHaveLength(1);
  const linked = await desk.login('alice', 'pw-alice', 'corp');
  expect(linked).toMatchObject({ status: 'success', user: { id: house.alice } });
  expect(await face.ownIdentities(house.viewer())).toMatchObject([{ provider: 'corp', username: 'alice' }]);
});

it('an identity is not linked by somebody else, and what was taken off does not come back by a login', async () => {
  const desk = await withCorp();
  const { house, face } = desk;
  const first = await desk.login('nora', 'pw-nora');
  if (first.status !== 'success') throw new Error(first.status);
  const link = await face.startLink(await desk.viewer(), {
    provider: 'corp',
    userName: 'nora',
    door: 'web',
    source: 's',
  });
  if (!link.ok) throw new Error('no link');
  expect(await desk.answer(link, 'pw-nora')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('another user') as string,
  });
  const own = house.viewer({ userId: first.user.id, userName: 'nora', loginId: first.login.loginId });
  const [identity] = await face.ownIdentities(own);
  if (identity === undefined) throw new Error('no identity');
  expect(await face.unlinkIdentity(house.viewer(), identity.identityId)).toMatchObject({
    errors: [{ code: 'absent' }],
  });
  expect(await face.unlinkIdentity(own, identity.identityId)).toEqual({ ok: true });
  expect(await face.ownIdentities(own)).toEqual([]);
  expect(await desk.login('nora', 'pw-nora')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('unlinked') as string,
  });
});

it('where a provider makes no users, nobody is made', async () => {
  const desk = await withCorp(false);
  expect(await desk.login('nora', 'pw-nora')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('makes no users') as string,
  });
  expect(await desk.house.events('UserCreated')).toHaveLength(1);
  expect(
    (await desk.house.events('NameReserved')).filter(({ data }) => (data as { kind: string }).kind === 'user'),
  ).toHaveLength(1);
});

it('wrong passwords and unknown names are answered alike there too, with the same hashing beside (A10)', async () => {
  const desk = await withCorp();
  const wrong = await desk.login('nora', 'not the password');
  expect(wrong).toEqual({ status: 'failed', message: expect.stringContaining('wrong') as string, mustChange: false });
  expect(await desk.login('nobody', 'not the password')).toEqual(wrong);
  expect(await desk.login('nora', '')).toEqual(wrong);
  expect(desk.hashes).toEqual([null, null, null]);
  expect(await desk.login('alice', 'not the password')).toEqual(wrong);
  expect(desk.hashes).toHaveLength(4);
});

it('a password of a local user never reaches the directory', async () => {
  const desk = await withCorp();
  const before = slapd.log().length;
  expect((await desk.login('alice', password)).status).toBe('success');
  expect((await desk.login('alice', 'pw-alice')).status, 'nor stands the directory in for it').toBe('failed');
  expect((await desk.login('nora', 'pw-nora')).status).toBe('success');
  await until(() => slapd.log().slice(before).includes(`BIND dn="uid=nora`), { what: 'the log of slapd' });
  expect(slapd.log().slice(before)).not.toContain('uid=alice');
});

it.each(['unavailable', 'untrusted'] as const)(
  'a directory that is %s is no wrong password, and nothing stands in for it',
  async (reason) => {
    const silent = saying({ ok: false, reason, detail: 'no server answers' });
    const desk = await openDesk({ providers: providersOf({ directories: { corp: silent } }) });
    const started = await desk.start('alice', 'corp');
    await expect(desk.answer(started, password)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await desk.house.events('AuthenticationFailed')).toEqual([]);
    expect(await desk.house.events('LoginOpened')).toEqual([]);
  },
);

it('a directory that is slow is asked about no more than 32 logins at once, others do not wait, and it is asked again later', async () => {
  let asked = 0;
  const slow = Promise.withResolvers<Awaited<ReturnType<DirectoryProvider['check']>>>();
  const check = async () => {
    asked += 1;
    return slow.promise;
  };
  const directories = {
    crowded: { ...saying({ ok: true, identity: nora }), check },
    free: saying({ ok: true, identity: { ...nora, provider: 'free' } }),
  };
  const desk = await openDesk({ providers: providersOf({ directories }) });
  const tries = await Promise.all(Array.from({ length: 40 }, () => desk.start('nora', 'crowded')));
  const refused: unknown[] = [];
  const answers = tries.map(async (started) =>
    desk.answer(started, 'x').then(
      ({ status }) => status,
      (error: unknown) => refused.push(error),
    ),
  );
  await until(() => (refused.length >= 8 ? true : undefined), { what: 'those who find no room' });
  expect(refused.every((error) => (error as { code?: unknown }).code === 'provider-crowded')).toBe(true);
  expect([refused.length, asked]).toEqual([8, 32]);
  expect(await desk.login('nora', 'x', 'free')).toMatchObject({ status: 'success' });
  slow.resolve({ ok: false, reason: 'wrong-answer', detail: 'no' });
  expect((await Promise.all(answers)).filter((one) => one === 'failed')).toHaveLength(32);
  expect(await desk.login('nora', 'x', 'crowded')).toMatchObject({ status: 'failed' });
  expect(asked).toBe(33);
});

it.each(['disabled', 'expired', 'locked', 'must-change'] as const)(
  'a person whom the directory calls %s is told so, seen so, and not let in',
  async (standing) => {
    const answers = { ok: true as const, identity: nora };
    const directory = saying(answers);
    const desk = await openDesk({ providers: providersOf({ directories: { corp: directory } }) });
    const first = await desk.login('nora', 'x');
    expect(first.status).toBe('success');
    answers.identity = { ...nora, standing };
    expect(await desk.login('nora', 'x')).toMatchObject({
      status: 'failed',
      mustChange: false,
      message: expect.stringContaining('at your identity provider') as string,
    });
    expect((await desk.house.events('IdentityObserved')).at(-1)?.data).toMatchObject({ standing });
    expect(await desk.house.events('LoginOpened')).toHaveLength(1);
  },
);

it.each(['locked', 'disabled'] as const)('nobody is made of somebody who is %s there', async (standing) => {
  const directory = saying({ ok: true, identity: { ...nora, standing } });
  const desk = await openDesk({ providers: providersOf({ directories: { corp: directory } }) });
  expect((await desk.login('nora', 'x')).status).toBe('failed');
  expect(await desk.house.events('UserCreated')).toHaveLength(1);
});

it('what a provider says of people of another one is not heard', async () => {
  const elsewhere = saying({ ok: true, identity: { ...nora, provider: 'elsewhere' } });
  const corp = saying({ ok: true, identity: { ...nora, provider: 'elsewhere', standing: 'disabled' } });
  const desk = await openDesk({ providers: providersOf({ directories: { corp, elsewhere } }) });
  expect((await desk.login('nora', 'x', 'elsewhere')).status).toBe('success');
  expect((await desk.login('nora', 'x', 'corp')).status).toBe('failed');
  expect(await desk.house.events('IdentityObserved')).toMatchObject([{ data: { standing: 'active' } }]);
  expect(await desk.house.events('LoginOpened')).toHaveLength(1);
});

it('a name that none may have here opens nothing, and reserves nothing', async () => {
  const directory = saying({ ok: true, identity: { ...nora, username: 'nora~box' } });
  const desk = await openDesk({ providers: providersOf({ directories: { corp: directory } }) });
  const before = await desk.house.events('NameReserved');
  expect((await desk.login('nora', 'x')).status).toBe('failed');
  expect(await desk.house.events('UserCreated')).toHaveLength(1);
  expect(await desk.house.events('NameReserved')).toEqual(before);
});

it('a person who is disabled here is not let in, whatever the directory says', async () => {
  const desk = await withCorp();
  await desk.login('nora', 'pw-nora');
  await desk.house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: nora}\nspec: {disabled: true}');
  expect(await desk.login('nora', 'pw-nora', 'corp')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('disabled') as string,
  });
});

it('an answer after the time of the attempt is no guess at the directory either', async () => {
  let asked = 0;
  const counting: DirectoryProvider = {
    ...saying({ ok: true, identity: nora }),
    check: async () => {
      asked += 1;
      return { ok: true, identity: nora };
    },
  };
  const desk = await openDesk({ providers: providersOf({ directories: { corp: counting } }) });
  const started = await desk.start('nora', 'corp');
  desk.clock.move(5 * 60_000);
  expect((await desk.answer(started, 'any')).status).toBe('failed');
  expect(asked).toBe(0);
  expect(await desk.house.events('UserCreated'), 'alice').toHaveLength(1);
});

it('nobody is given a password here who has theirs at a provider: it would outlive the account there', async () => {
  const desk = await withCorp();
  expect((await desk.login('nora', 'pw-nora', 'corp')).status).toBe('success');
  const admin = desk.house.viewer({ permissions: ['self', 'administer'] });
  const code = async (name: string): Promise<string | undefined> => {
    const offer = await desk.face.offerPasswordReset(admin, name);
    return offer.ok ? 'ok' : offer.errors[0]?.code;
  };
  expect(await code('nora')).toBe('no-local-password');
  expect(await code('alice')).toBe('ok');
});
