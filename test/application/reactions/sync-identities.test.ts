import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { makeLdapDirectory } from '../../../src/adapters/ldap/ldap-directory.ts';
import type { LdapSettings } from '../../../src/adapters/ldap/settings.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import { runCommand } from '../../../src/application/commands/run-command.ts';
import { knownIdentity } from '../../../src/application/identities/known-identity.ts';
import { KeptGrants } from '../../../src/application/identities/kept-grants.ts';
import type { DirectoryProvider, IdentityProviders } from '../../../src/application/ports/identity-providers.ts';
import { IdentitySync } from '../../../src/application/reactions/sync-identities.ts';
import type { IdentityId } from '../../../src/domain/kernel/ids.ts';
import { nodeDecider } from '../../../src/domain/node/decider.ts';
import { launchOpenLdap, type OpenLdap } from '../../kit/openldap.ts';
import { openLdapBases } from '../../kit/provider-specs.ts';
import { freePort } from '../../kit/ports.ts';
import { until } from '../../kit/until.ts';
import { ask, type House, openHouse } from '../kit/house.ts';
import { linked, loggedIn, observed, tokenOf, unlinked } from '../kit/identity.ts';

const people = 'ou=people,dc=peer,dc=test';
const crew = 'cn=crew,ou=groups,dc=peer,dc=test';
const person = (uid: string): string =>
  `dn: uid=${uid},${people}\nobjectClass: inetOrgPerson\nobjectClass: shadowAccount\nuid: ${uid}\ncn: ${uid}\nsn: ${uid}\nuserPassword: pw-${uid}`;
const names = ['anna', 'berta', 'carla', 'dora', 'emma', 'frida'];
let slapd: OpenLdap;

beforeAll(async () => {
  const group = `dn: ${crew}\nobjectClass: groupOfNames\ncn: crew\n${names.map((uid) => `member: uid=${uid},${people}`).join('\n')}`;
  const gina = `${person('gina')}\ndepartmentNumber: eng`;
  slapd = await launchOpenLdap({ ldif: [...names.map(person), gina, group].join('\n\n') });
});

afterAll(async () => {
  await slapd?.stop();
});

function directoryOf(changes: Partial<LdapSettings> = {}): DirectoryProvider {
  const directory = makeLdapDirectory(
    {
      name: 'corp',
      urls: [slapd.url],
      ca: slapd.ca.pem,
      ...openLdapBases,
      ...changes,
    },
    targetResolver([]),
  );
  onTestFinished(() => directory.close());
  return directory;
}

/** What a provider that can be changed under the sync looks like to it. */
function providersOf(current: () => DirectoryProvider): IdentityProviders {
  return {
    list: () => Promise.resolve([{ name: 'corp', type: 'ldap', createsUsers: true }]),
    directory: () => Promise.resolve(current()),
    redirect: () => Promise.resolve(null),
    serviceMetadata: () => Promise.resolve(null),
  };
}

interface Rig {
  readonly house: House;
  readonly sync: IdentitySync;
  readonly warned: string[];
  readonly identityId: IdentityId;
  readonly session: ReturnType<typeof ask>;
  /** What the sync asks from now on. */
  use(directory: DirectoryProvider): void;
}

/** Somebody of the directory with an open session. */
async function someoneInside(
  uid: string,
  everyMilliseconds = 3_600_000,
  changes: Partial<LdapSettings> = {},
  policy: string | null = null,
): Promise<Rig> {
  const house = await openHouse();
  if (policy !== null) await house.apply(policy);
  const { node, alice } = house;
  const directory = directoryOf(changes);
  const answer = await directory.check(uid, `pw-${uid}`);
  if (!answer.ok) throw new Error(answer.detail);
  const identityId = await linked(node, alice, answer.identity.subject);
  await observed(node, identityId, { groups: answer.identity.groups, attributes: answer.identity.attributes }, 'login');
  const { loginId } = await loggedIn(node, alice, identityId);
  const session = ask(house, await tokenOf(node, alice, loginId));
  expect(await session.admission).toMatchObject({ ok: true });
  let current = directory;
  const warned: string[] = [];
  const processLog = {
    info: () => undefined,
    warn: (message: string) => void warned.push(message),
    error: (message: string) => void warned.push(message),
  };
  const { nodeId } = node.admission.node;
  const context = { actor: { kind: 'system' as const, nodeId }, correlationId: 'c', causationId: null };
  const sync = new IdentitySync(
    {
      tools: node.tools,
      views: node.views,
      providers: providersOf(() => current),
      grants: new KeptGrants(node.custody.vault),
      processLog,
      note: async (fact) => {
        await runCommand(node.tools, nodeDecider, nodeId, context, fact);
      },
    },
    everyMilliseconds,
  );
  onTestFinished(() => sync.stop());
  return { house, sync, warned, identityId, session, use: (next) => void (current = next) };
}

async function change(dn: string, operation: 'replace' | 'delete', type: string, value: string): Promise<void> {
  const modification = new Attribute({ type, values: [value] });
  await slapd.asAdmin(async (client) => {
    await client.modify(dn, new Change({ operation, modification }));
  });
}

async function sessionEnds(house: House): Promise<readonly unknown[]> {
  await until(async () => (await house.events('SessionEnded')).length > 0, { what: 'the end of the session' });
  return (await house.events('SessionEnded')).map(({ data }) => data);
}

const count = async (house: House, type: string): Promise<number> => (await house.events(type)).length;

it('a round that finds everything as it was says nothing', async () => {
  const { house, sync, warned, identityId } = await someoneInside('frida');
  await sync.run();
  const said = await count(house, 'IdentityObserved');
  await sync.run();
  expect(await count(house, 'IdentityObserved')).toBe(said);
  expect(await knownIdentity(house.node.tools.log, identityId)).toMatchObject({ username: 'frida' });
  expect(warned).toEqual([]);
});

it('a group that is taken away in the directory is lost with the next round', async () => {
  const { house, sync, session } = await someoneInside('anna');
  await house.apply(
    'apiVersion: sallyport/v1\nkind: Policy\nmetadata: {name: everybody}\nspec: {assign: "\\"crew\\" in claims.user.groups", entitlements: [box]}',
  );
  await sync.run();
  expect(session.told).toEqual([]);
  await change(crew, 'delete', 'member', `uid=anna,${people}`);
  await sync.run();
  expect(await sessionEnds(house)).toMatchObject([{ reason: 'entitlement-lost', how: 'sync' }]);
});

it('an attribute opens what a policy says, and with the round that finds another value it is lost', async () => {
  const { house, sync, session } = await someoneInside(
    'gina',
    3_600_000,
    { claims: { attributes: { department: 'departmentNumber' } } },
    'apiVersion: sallyport/v1\nkind: Policy\nmetadata: {name: everybody}\nspec: {assign: "\\"eng\\" in claims.user.attributes.department", entitlements: [box]}',
  );
  const { node, alice } = house;
  const local = await loggedIn(node, alice, null);
  const own = ask(house, await tokenOf(node, alice, local.loginId));
  expect(await own.admission, 'a login that rests on no provider').toMatchObject({ ok: false });
  await sync.run();
  const said = await count(house, 'IdentityObserved');
  await sync.run();
  expect(await count(house, 'IdentityObserved'), 'the same again').toBe(said);
  expect(session.told).toEqual([]);
  await change(`uid=gina,${people}`, 'replace', 'departmentNumber', 'sales');
  await sync.run();
  expect(await sessionEnds(house)).toMatchObject([{ reason: 'entitlement-lost', how: 'sync' }]);
});

it('somebody who expired there, and somebody who is not there any more, lose what is open', async () => {
  const expired = await someoneInside('berta');
  await change(`uid=berta,${people}`, 'replace', 'shadowExpire', '10000');
  await expired.sync.run();
  expect(await sessionEnds(expired.house)).toMatchObject([{ reason: 'identity-left', how: 'sync' }]);

  const gone = await someoneInside('carla');
  await slapd.asAdmin(async (client) => await client.del(`uid=carla,${people}`));
  await gone.sync.run();
  expect(await sessionEnds(gone.house)).toMatchObject([{ reason: 'identity-left', how: 'sync' }]);
  expect((await gone.house.events('IdentityObserved')).at(-1)?.data).toMatchObject({ standing: 'gone', groups: [] });
});

it('a directory that does not answer ends nothing, and is an event after three rounds, until it answers again', async () => {
  const { house, sync, warned, session, use } = await someoneInside('dora');
  const away = directoryOf({ urls: [`ldaps://127.0.0.1:${String(await freePort())}`] });
  use(away);
  await sync.run();
  await sync.run();
  expect(await count(house, 'DirectorySyncStalled')).toBe(0);
  expect(sync.stalled).toBe(0);
  await sync.run();
  await sync.run();
  expect((await house.events('DirectorySyncStalled')).map(({ data }) => data)).toEqual([{ provider: 'corp' }]);
  expect(sync.stalled).toBe(1);
  expect(warned).toHaveLength(4);
  expect(session.told).toEqual([]);
  use(directoryOf());
  await sync.run();
  expect((await house.events('DirectorySyncResumed')).map(({ data }) => data)).toEqual([{ provider: 'corp' }]);
  expect(sync.stalled).toBe(0);
  expect(session.told).toEqual([]);
});

it('a base without anybody, as of a mistyped setting, puts nobody out', async () => {
  const { house, sync, warned, session, use } = await someoneInside('dora');
  use(directoryOf({ userBase: 'ou=groups,dc=peer,dc=test' }));
  await sync.run();
  expect(warned).toHaveLength(1);
  expect(await count(house, 'IdentityObserved')).toBe(1);
  expect(session.told).toEqual([]);
});

it('asks at once when it starts, and again and again', async () => {
  const { house, sync, session } = await someoneInside('emma', 200);
  sync.start();
  await until(async () => (await count(house, 'IdentityObserved')) === 2, { what: 'the first round' });
  await change(`uid=emma,${people}`, 'replace', 'shadowExpire', '10000');
  await until(() => session.told.length > 0, { what: 'the cut' });
  expect(session.told).toMatchObject([{ reason: 'identity-left' }]);
  await sync.stop();
});

it('asks nobody who was unlinked, and those who have something open before all others', async () => {
  const { house, sync, use, identityId } = await someoneInside('frida');
  const { node, alice } = house;
  await house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {password: a long enough one}');
  const bob = node.views.directory.find({ where: { kind: 'user', name: 'bob' }, limit: 1 })[0]?.id as typeof alice;
  // Ids are digests: of several subjects some come before the one that is inside.
  for (let index = 0; index < 8; index += 1) await linked(node, bob, `bob-${String(index)}`);
  const asked: string[] = [];
  const real = directoryOf();
  use({
    ...real,
    find: (subject) => {
      asked.push(subject);
      return real.find(subject);
    },
  });
  const known = await knownIdentity(node.tools.log, identityId);
  await sync.run();
  expect(asked[0]).toBe(known?.subject);
  expect(asked.slice(1).sort()).toEqual(Array.from({ length: 8 }, (_, index) => `bob-${String(index)}`));
  asked.length = 0;
  await unlinked(node, identityId, alice);
  await sync.run();
  expect(asked).not.toContain(known?.subject);
});
