import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { DirectoryProvider } from '../../../src/application/ports/identity-providers.ts';
import type { ResolveTarget } from '../../../src/application/ports/system.ts';
import { makeLdapDirectory } from '../../../src/adapters/ldap/ldap-directory.ts';
import type { LdapSettings } from '../../../src/adapters/ldap/settings.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import { makeTestCa, type TestCa } from '../../kit/certificates.ts';
import { collect } from '../../kit/collect.ts';
import {
  type Asked,
  ber,
  entry,
  type FakeServer,
  message,
  pageControl,
  result,
  startFakeServer,
} from './fake-server.ts';

const uuid = '0b5c1d2e-3f40-4152-8364-758697a8b9ca';
const dn = 'uid=alice,dc=x';
const alice = { uid: ['alice'], entryUUID: [uuid], mail: ['a@x'] };
let ca: TestCa;

beforeAll(async () => {
  ca = await makeTestCa();
});

/** An honest directory with one person; `lie` may answer instead. Search 0 is the root DSE, 1 the person, then groups. */
const withLie =
  (lie: (asked: Asked) => Buffer | null | undefined) =>
  (asked: Asked): Buffer | null => {
    const told = lie(asked);
    if (told !== undefined) return told;
    if (asked.operation === 0x77) return message(asked.id, result(0x78, 0));
    if (asked.operation === 0x60) return message(asked.id, result(0x61, 0));
    const end = message(asked.id, result(0x65, 0), pageControl(''));
    return asked.nth === 1 ? Buffer.concat([message(asked.id, entry(dn, alice)), end]) : end;
  };

const honest = withLie(() => undefined);
const onSearch = (nth: number, said: (asked: Asked) => Buffer | null) =>
  withLie((asked) => (asked.operation === 0x63 && asked.nth === nth ? said(asked) : undefined));
/** Binds: 0 is the searching account, 1 the person. */
const onBind = (nth: number, said: (asked: Asked) => Buffer | null) =>
  withLie((asked) => (asked.operation === 0x60 && asked.nth === nth ? said(asked) : undefined));

function directoryOf(...urls: readonly string[]): DirectoryProvider {
  return resolvedBy(targetResolver([]), ...urls);
}

function resolvedBy(resolve: ResolveTarget, ...urls: readonly string[]): DirectoryProvider {
  return madeOf({ urls }, resolve);
}

function madeOf(settings: Pick<LdapSettings, 'urls' | 'claims'>, resolve = targetResolver([])): DirectoryProvider {
  const provider = makeLdapDirectory(
    {
      name: 'corp',
      ca: ca.pem,
      bindDn: 'cn=svc',
      bindPassword: 'svc-pw',
      userBase: 'dc=x',
      groupBase: 'dc=x',
      ...settings,
    },
    resolve,
  );
  onTestFinished(async () => {
    await provider.close();
  });
  return provider;
}

const serve = async (answer: (asked: Asked) => Buffer | null): Promise<FakeServer> => await startFakeServer(ca, answer);
const binds = (server: FakeServer): Asked[] => server.asked.filter(({ operation }) => operation === 0x60);

async function timed<T>(work: Promise<T>): Promise<{ readonly answer: T; readonly ms: number }> {
  const start = performance.now();
  return { answer: await work, ms: performance.now() - start };
}

test('the honest one is believed, over LDAPS and StartTLS', async () => {
  const server = await serve(honest);
  for (const url of [server.url, server.plainUrl]) {
    expect(await directoryOf(url).check('alice', 'pw')).toEqual({
      ok: true,
      identity: {
        provider: 'corp',
        subject: uuid,
        username: 'alice',
        email: 'a@x',
        groups: [],
        attributes: {},
        standing: 'active',
      },
    });
  }
});

test('an attribute that Active Directory sends the first part of is left out, and not taken for none', async () => {
  const person = { ...alice, memberOf: [], 'memberOf;range=0-1499': ['cn=ops'], department: ['eng'] };
  const server = await serve(
    onSearch(1, ({ id }) =>
      Buffer.concat([message(id, entry(dn, person)), message(id, result(0x65, 0), pageControl(''))]),
    ),
  );
  const attributes = { groups: 'memberof', department: 'department', room: 'room' };
  const read = await madeOf({ urls: [server.url], claims: { attributes } }).check('alice', 'pw');
  expect(read.ok && read.identity.attributes).toEqual({ department: ['eng'], room: [] });
});

test('a port of our own is never asked, whatever name leads there', async () => {
  const server = await serve(honest);
  const port = Number(new URL(server.url.replace('ldaps', 'https')).port);
  for (const url of [server.url, `ldaps://localhost:${port}`]) {
    expect(await resolvedBy(targetResolver([port]), url).check('alice', 'pw')).toEqual({
      ok: false,
      reason: 'untrusted',
      detail: expect.stringContaining('leads back to a port of this installation'),
    });
  }
  expect(server.connections()).toBe(0);
});

test('what is connected is what was judged: a name is looked up once, also when it leads elsewhere a moment later', async () => {
  const server = await serve(honest);
  const url = server.url.replace('127.0.0.1', 'localhost');
  let judged = 0;
  const resolve: ResolveTarget = async () => {
    judged += 1;
    // Nothing listens there: who looks the name up anew comes to the server instead.
    return { addresses: [{ address: '127.9.9.9', family: 4 }], leadsToUs: false };
  };
  expect(await resolvedBy(resolve, url).check('alice', 'pw')).toMatchObject({ ok: false, reason: 'unavailable' });
  expect([judged, server.connections()]).toEqual([1, 0]);
});

test('a name server that does not answer costs no more than the other servers may', async () => {
  const { answer, ms } = await timed(
    resolvedBy(() => new Promise(() => undefined), 'ldaps://dc.test').check('a', 'pw'),
  );
  expect(answer).toMatchObject({ ok: false, reason: 'unavailable' });
  expect(ms).toBeLessThan(5000);
});

const hangs: readonly (readonly [string, (asked: Asked) => Buffer | null])[] = [
  ['after the connection', () => null],
  ['at the root DSE', onSearch(0, () => null)],
  ['at the search', onSearch(1, () => null)],
  ['at the bind', onBind(1, () => null)],
  ['at the groups', onSearch(2, () => null)],
];

test('a server that hangs is given up within 5 s, wherever it does', async () => {
  const tries = hangs.map(async ([where, answer]) => {
    const { url } = await serve(answer);
    return { where, ...(await timed(directoryOf(url).check('alice', 'pw'))) };
  });
  for (const { where, answer, ms } of await Promise.all(tries)) {
    expect(answer, where).toMatchObject({ ok: false, reason: 'unavailable' });
    expect(ms, where).toBeLessThan(5000);
  }
});

test('the second of two answers within 5 s when the first hangs, and is asked first from then on', async () => {
  const tries = hangs.map(async ([where, answer]) => {
    const [bad, good] = [await serve(answer), await serve(honest)];
    const provider = directoryOf(bad.url, good.url);
    const first = await timed(provider.check('alice', 'pw'));
    const before = bad.connections();
    return { where, first, second: await provider.check('alice', 'pw'), more: bad.connections() - before };
  });
  for (const { where, first, second, more } of await Promise.all(tries)) {
    expect(first.answer, where).toMatchObject({ ok: true });
    expect(first.ms, where).toBeLessThan(5000);
    expect(second, where).toEqual(first.answer);
    expect(more, where).toBe(0);
  }
});

test('three that hang are given up within 5 s in all, also in the middle of StartTLS', async () => {
  const server = await serve(() => null);
  const { answer, ms } = await timed(directoryOf(server.plainUrl, server.url, server.plainUrl).check('alice', 'pw'));
  expect(answer).toMatchObject({ ok: false, reason: 'unavailable' });
  expect(ms).toBeLessThan(5000);
});

test('a refused StartTLS and bytes slipped in before TLS end the try, and no password is sent', async () => {
  const refusing = await serve(
    withLie(({ operation, id }) => (operation === 0x77 ? message(id, result(0x78, 52)) : undefined)),
  );
  const slipping = await serve(
    withLie(({ operation, id }) =>
      operation === 0x77
        ? Buffer.concat([message(id, result(0x78, 0)), message(2, result(0x61, 0)).subarray(0, 5)])
        : undefined,
    ),
  );
  for (const { plainUrl } of [refusing, slipping]) {
    expect(await directoryOf(plainUrl).check('alice', 'pw')).toMatchObject({ ok: false, reason: 'untrusted' });
  }
  expect([...binds(refusing), ...binds(slipping)]).toEqual([]);
});

test('a connection that drops after StartTLS is not made again in clear', async () => {
  const server = await serve(
    withLie(({ operation, nth, socket }) => {
      if (operation !== 0x63 || nth !== 1) return undefined;
      socket.destroy();
      return null;
    }),
  );
  expect(await directoryOf(server.plainUrl).check('alice', 'pw')).toMatchObject({ ok: false, reason: 'unavailable' });
  expect(server.connections()).toBe(1);
});

const big = Buffer.alloc(50 * 1024 * 1024, 0x61);
const untrusted: readonly (readonly [string, (asked: Asked) => Buffer | null])[] = [
  ['50 MB in one value', onSearch(1, ({ id }) => message(id, entry(dn, { ...alice, mail: [big] })))],
  [
    '50 MB in many entries',
    onSearch(1, ({ id }) =>
      Buffer.concat(Array.from({ length: 500 }, () => message(id, entry(dn, { mail: [big.subarray(0, 100_000)] })))),
    ),
  ],
  ['50 MB that are not LDAP', onSearch(1, () => big)],
  [
    'an entry without a name',
    onSearch(1, ({ id }) => Buffer.concat([message(id, entry('', alice)), message(id, result(0x65, 0))])),
  ],
  [
    'an entry with a blank name',
    onSearch(1, ({ id }) => Buffer.concat([message(id, entry('  ', alice)), message(id, result(0x65, 0))])),
  ],
  [
    'an entry that is called EXTERNAL',
    onSearch(1, ({ id }) => Buffer.concat([message(id, entry('EXTERNAL', alice)), message(id, result(0x65, 0))])),
  ],
  [
    'a list that ends behind its message',
    onSearch(1, ({ id }) =>
      message(id, Buffer.concat([Buffer.from([0x64, 9, 4, 1, 0x61, 0x30, 0x70]), ber(0x30, ber(4, 'a'))])),
    ),
  ],
  [
    'a value that ends behind its message',
    onSearch(1, ({ id }) => {
      const overlong = Buffer.from([0x04, 0x70]);
      return message(id, ber(0x64, ber(0x04, dn), ber(0x30, ber(0x30, ber(0x04, 'uid'), ber(0x31, overlong)))));
    }),
  ],
  ['an element of the wrong type', onSearch(1, ({ id }) => message(id, ber(0x64, ber(0x02, 'x'))))],
  ['a bind result without a code', onBind(1, ({ id }) => message(id, ber(0x61)))],
  ['a bind result that begins otherwise', onBind(1, ({ id }) => message(id, ber(0x61, ber(0x04, 'x'), ber(0x04))))],
  ['a search result for a bind', onBind(1, ({ id }) => message(id, result(0x65, 0)))],
  ['a bind result for a search', onSearch(1, ({ id }) => message(id, result(0x61, 0)))],
  ['the result of another question', onBind(1, ({ id }) => message(id + 1, result(0x61, 0)))],
  [
    'a success said in advance',
    onSearch(1, ({ id }) => Buffer.concat([message(id, result(0x65, 0)), message(id + 1, result(0x61, 0))])),
  ],
  ['no word on whether there are more groups', onSearch(2, ({ id }) => message(id, result(0x65, 0)))],
];

test('an answer nested without end is left at the first levels', async () => {
  const levels = 50_000;
  const headers = Array.from({ length: levels }, (_, level) => {
    const header = Buffer.from([0x30, 0x84, 0, 0, 0, 0]);
    header.writeUInt32BE((levels - level - 1) * 6, 2);
    return header;
  });
  const { url } = await serve(onSearch(1, ({ id }) => message(id, ber(0x64, ...headers))));
  const said = await directoryOf(url).check('alice', 'pw');
  expect(said).toMatchObject({ ok: false, reason: 'untrusted', detail: expect.stringContaining('too many levels') });
});

test.each(untrusted)('%s: nothing is believed, and no time is lost', async (_, answer) => {
  const { url } = await serve(answer);
  const before = process.memoryUsage().arrayBuffers;
  const { answer: said, ms } = await timed(directoryOf(url).check('alice', 'pw'));
  expect(said).toMatchObject({ ok: false, reason: 'untrusted' });
  expect(ms).toBeLessThan(4000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(160 * 1024 * 1024);
});

test.each([
  ['no subject', { uid: ['alice'] }],
  ['two subjects', { ...alice, entryUUID: [uuid, uuid.replace('0b', '0c')] }],
  ['a subject of another form', { ...alice, entryUUID: ['1'] }],
  ['no name', { entryUUID: [uuid] }],
  ['two names', { ...alice, uid: ['alice', 'root'] }],
  ['a name with a line break', { ...alice, uid: ['alice\nroot'] }],
  ['a name that is not text', { ...alice, uid: [Buffer.from([0xff, 0xfe])] }],
])('%s: no fact', async (_, attributes) => {
  const said = ({ id }: Asked): Buffer =>
    Buffer.concat([message(id, entry(dn, attributes)), message(id, result(0x65, 0))]);
  const { url } = await serve(onSearch(1, said));
  expect(await directoryOf(url).check('alice', 'pw')).toMatchObject({ ok: false, reason: 'missing-claim' });
});

test('an Active Directory that does not show userAccountControl gives no fact', async () => {
  const capable = { supportedCapabilities: ['1.2.840.113556.1.4.800'] };
  const seen = { sAMAccountName: ['alice'], objectGUID: [Buffer.alloc(16, 7)] };
  const { url } = await serve(
    withLie(({ operation, nth, id }) => {
      if (operation !== 0x63 || nth > 1) return undefined;
      const one = nth === 0 ? entry('', capable) : entry(dn, seen);
      return Buffer.concat([message(id, one), message(id, result(0x65, 0))]);
    }),
  );
  expect(await directoryOf(url).check('alice', 'pw')).toMatchObject({ ok: false, reason: 'missing-claim' });
});

test('an answer cut short by a size limit is not one person alone', async () => {
  const said = ({ id }: Asked): Buffer => Buffer.concat([message(id, entry(dn, alice)), message(id, result(0x65, 4))]);
  const server = await serve(onSearch(1, said));
  expect(await directoryOf(server.url).check('alice', 'pw')).toMatchObject({ ok: false, reason: 'ambiguous' });
  expect(binds(server)).toHaveLength(1);
});

test('a referral is not followed: as result, as reference, and as answer to a bind', async () => {
  const elsewhere = await serve(honest);
  const referral = ber(0xa3, ber(0x04, `${elsewhere.url}/dc=x`));
  const reference = ({ id }: Asked): Buffer =>
    Buffer.concat([message(id, ber(0x73, ber(0x04, `${elsewhere.url}/dc=x`))), message(id, result(0x65, 0))]);
  const refer =
    (tag: number) =>
    ({ id }: Asked): Buffer =>
      message(id, result(tag, 10, '', referral));
  const cases = [
    { answer: onSearch(1, refer(0x65)), reason: 'unavailable' },
    { answer: onSearch(1, reference), reason: 'unknown-user' },
    { answer: onBind(1, refer(0x61)), reason: 'unavailable' },
    { answer: onBind(0, refer(0x61)), reason: 'unavailable' },
  ];
  for (const { answer, reason } of cases) {
    const { url } = await serve(answer);
    expect(await directoryOf(url).check('alice', 'pw')).toMatchObject({ ok: false, reason });
  }
  expect(elsewhere.connections()).toBe(0);
});

test.each([
  ['wrong-answer', onBind(1, ({ id }) => message(id, result(0x61, 49)))],
  ['ambiguous', onSearch(1, ({ id }) => message(id, result(0x65, 4)))],
])('when one server says %s, no other is asked', async (reason, answer) => {
  const [first, other] = [await serve(answer), await serve(honest)];
  expect(await directoryOf(first.url, other.url).check('alice', 'pw')).toMatchObject({ ok: false, reason });
  expect(other.connections()).toBe(0);
});

test('a bind that goes through only to change the password is said so, also when the entry does not show it', async () => {
  const afterReset = ber(0x30, ber(0x81, Buffer.from([2])));
  const policy = ber(0x30, ber(0x04, '1.3.6.1.4.1.42.2.27.8.5.1'), ber(0x04, afterReset));
  const { url } = await serve(onBind(1, ({ id }) => message(id, result(0x61, 0), policy)));
  expect(await directoryOf(url).check('alice', 'pw')).toMatchObject({
    ok: true,
    identity: { standing: 'must-change' },
  });
});

test('a name nobody has costs a bind as one that somebody has', async () => {
  const server = await serve(onSearch(1, ({ id }) => message(id, result(0x65, 0))));
  expect(await directoryOf(server.url).check('nobody', 'pw')).toMatchObject({ ok: false, reason: 'unknown-user' });
  expect(binds(server)).toHaveLength(2);
});

/** Every page is asked on the first connection, where search 0 is the root DSE; groups on the second. */
const pages = (page: (asked: Asked) => Buffer) => {
  let reader: unknown = null;
  return withLie((asked) => {
    reader ??= asked.socket;
    return asked.operation === 0x63 && asked.nth > 0 && asked.socket === reader ? page(asked) : groupsOf(asked);
  });
};
const groupsOf = ({ operation, nth, id }: Asked): Buffer | undefined =>
  operation === 0x63 && nth > 0 ? message(id, result(0x65, 0), pageControl('')) : undefined;
const numbered = (nth: number): Buffer =>
  entry(`uid=u${nth},dc=x`, { uid: [`u${nth}`], entryUUID: [uuid.replace(/..$/, String(nth).padStart(2, '0'))] });
const namesOf = async (provider: DirectoryProvider): Promise<string[]> =>
  (await collect(provider.everybody())).map(({ username }) => username);

test('an empty page in the middle is not the end of everybody', async () => {
  const { url } = await serve(
    pages(({ id, nth }) => {
      const end = message(id, result(0x65, 0), pageControl(nth < 3 ? `c${nth}` : ''));
      return nth === 2 ? end : Buffer.concat([message(id, numbered(nth)), end]);
    }),
  );
  expect(await namesOf(directoryOf(url))).toEqual(['u1', 'u3']);
});

test.each([
  [
    'goes away',
    ({ id, nth, socket }: Asked) =>
      nth === 1 ? message(id, result(0x65, 0), pageControl('c')) : (socket.destroy(), Buffer.alloc(0)),
  ],
  ['says busy', ({ id, nth }: Asked) => message(id, result(0x65, nth === 1 ? 0 : 51), pageControl('c'))],
  ['cuts the answer short', ({ id }: Asked) => message(id, result(0x65, 4), pageControl(''))],
  [
    'forgets to say whether there is more',
    ({ id }: Asked) => Buffer.concat([message(id, numbered(1)), message(id, result(0x65, 0))]),
  ],
] as const)('everybody rejects when the server %s', async (_, page) => {
  const { url } = await serve(pages(page));
  await expect(namesOf(directoryOf(url))).rejects.toMatchObject({ name: 'DirectoryError' });
});

test('a person of whom no fact can be made is left out, and the others are there', async () => {
  const { url } = await serve(
    pages(({ id }) =>
      Buffer.concat([
        message(id, entry('uid=x,dc=x', { uid: ['x'] })),
        message(id, numbered(1)),
        message(id, result(0x65, 0), pageControl('')),
      ]),
    ),
  );
  expect(await namesOf(directoryOf(url))).toEqual(['u1']);
});

test('closing ends what is under way', async () => {
  const server = await serve(() => null);
  const provider = directoryOf(server.url);
  const { answer, ms } = await timed(Promise.all([provider.check('alice', 'pw'), provider.close()]));
  expect(answer[0]).toMatchObject({ ok: false, reason: 'unavailable' });
  expect(ms).toBeLessThan(4000);
  expect(await provider.check('alice', 'pw')).toMatchObject({ ok: false, reason: 'unavailable' });
});
