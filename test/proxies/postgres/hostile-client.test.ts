import { expect, test } from 'vitest';
import { encodeFirstPacket } from '../../../src/proxies/postgres/codec/startup.ts';
import { finished } from '../../e2e/product.ts';
import { startProcess } from '../../kit/process.ts';
import { until } from '../../kit/until.ts';
import { int32, raw, text, typed, untyped } from './codec/bytes.ts';
import { startDoor, type TestDoor } from './door-kit.ts';
import { type RawClient, rawClient, rawInTls, rawLogin, saslInitial } from './raw-client.ts';

const login = 'alice~app';
const startup = encodeFirstPacket.startup([['user', login]]);
const withParameters = (...more: readonly (readonly [string, string])[]): Buffer =>
  encodeFirstPacket.startup([['user', login], ...more]);
const ofVersion = (major: number, minor: number): Buffer =>
  untyped(int32(major * 0x1_0000 + minor), text('user'), text(login), raw('\0'));

/** What the last words were, once the connection is over. */
async function refusal(client: RawClient): Promise<Readonly<Record<string, string | undefined>>> {
  await client.ended();
  const last = client.messages().at(-1);
  if (last?.type !== 'error-response') throw new Error(`no last words: ${client.heard().toString('latin1')}`);
  const [severity, code, message, hint] = ['S', 'C', 'M', 'H'].map((field) => last.fields.get(field));
  return { severity, code, message, hint };
}

const violation = { severity: 'FATAL', code: '08P01' };

/** A good login still gets as far as the admission. */
async function opensTo(door: TestDoor): Promise<void> {
  const before = door.requests.length;
  await expect(rawLogin(door.port, [['user', login]], door.token)).rejects.toThrow();
  expect(door.requests).toHaveLength(before + 1);
}

const lengths: readonly (readonly [string, Buffer])[] = [
  ['10,001 bytes long', int32(10_001) as Buffer],
  ['2^31-1 bytes long', int32(0x7fff_ffff) as Buffer],
  ['of a negative length', int32(-1) as Buffer],
  ['of no length', int32(0) as Buffer],
  ['that ends in its length', int32(7) as Buffer],
  ['of TLS, without asking', Buffer.from('16030100c6010000c2', 'hex')],
  ['of HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['of a type that there is not', untyped(int32(80_877_105))],
  ['with a name twice', withParameters(['user', 'bob'])],
  ['with a NUL too many', untyped(int32(0x3_0000), text('user'), text('a\0b'), raw('\0'))],
  ['without an end', untyped(int32(0x3_0000), text('user'), text('a'))],
];

test('a first packet that is none is refused, in clear text and inside TLS', async () => {
  const door = await startDoor();
  for (const [what, bytes] of lengths) {
    for (const begin of [rawClient, rawInTls]) {
      const client = await begin(door.port);
      client.send(bytes);
      expect(await refusal(client), what).toMatchObject(violation);
    }
  }
  expect(door.shown).toEqual([]);
  await opensTo(door);
});

test('nothing sent in clear text counts as sent inside TLS', async () => {
  const door = await startDoor();
  for (const more of [Buffer.of(0x16), startup, encodeFirstPacket.sslRequest()]) {
    const stuffed = await rawClient(door.port);
    stuffed.send(encodeFirstPacket.sslRequest(), more);
    expect(await refusal(stuffed)).toMatchObject(violation);
    const behindGss = await rawClient(door.port);
    behindGss.send(untyped(int32(80_877_104)), more);
    expect(await refusal(behindGss)).toMatchObject(violation);
    // What comes a moment later is read as TLS, which it is not.
    const late = await rawClient(door.port);
    late.send(encodeFirstPacket.sslRequest());
    await late.hears('S');
    late.send(startup, more);
    await late.ended();
  }
  expect(door.shown).toEqual([]);
  await opensTo(door);
});

test('a start without TLS is told how to get it', async () => {
  const door = await startDoor();
  const client = await rawClient(door.port);
  client.send(startup);
  expect(await refusal(client)).toMatchObject({
    severity: 'FATAL',
    code: '28000',
    hint: expect.stringContaining('sslmode=require') as string,
  });
  const gss = await rawClient(door.port);
  gss.send(untyped(int32(80_877_104)));
  await gss.hears('N');
  gss.send(startup);
  await gss.ended();
  expect(gss.heard().toString()).toContain('28000');
  expect(door.shown).toEqual([]);
});

test('GSS encryption is declined and TLS asked for then, and never inside TLS', async () => {
  const door = await startDoor();
  const client = await rawClient(door.port);
  client.send(untyped(int32(80_877_104)));
  await client.hears('N');
  client.send(encodeFirstPacket.sslRequest());
  await client.hears('NS');
  for (const again of [untyped(int32(80_877_104)), encodeFirstPacket.sslRequest()]) {
    const inside = await rawInTls(door.port);
    inside.send(again);
    expect(await refusal(inside)).toMatchObject(violation);
  }
});

test('old TLS and renegotiation are refused', async () => {
  const door = await startDoor();
  const start = ['s_client', '-connect', `127.0.0.1:${String(door.port)}`, '-starttls', 'postgres'];
  const env = { PATH: process.env.PATH ?? '' };
  for (const version of ['-tls1', '-tls1_1']) {
    const args = [...start, version, '-cipher', 'DEFAULT@SECLEVEL=0'];
    const old = await finished('openssl', args, { env, input: 'Q\n' });
    expect(old.code, version).not.toBe(0);
    expect(old.stdout + old.stderr, version).toMatch(/alert protocol version|wrong version|unsupported protocol/);
  }
  const again = startProcess('openssl', [...start, '-tls1_2'], { env, keepInput: true });
  again.child.stdin?.write('R\n');
  await until(() => again.stderr().includes('no renegotiation'), { what: 'the refusal' });
  await opensTo(door);
});

test.each([
  ['replication', 'true'],
  ['replication', 'database'],
  ['replication', '1'],
  ['role', 'postgres'],
  ['session_authorization', 'postgres'],
  ['Session_Authorization', 'postgres'],
  ['host', 'evil'],
  ['hostaddr', '10.0.0.1'],
  ['port', '1'],
  ['service', 'evil'],
  ['log_statement', 'none'],
  ['session_preload_libraries', 'evil'],
  ['', 'evil'],
])('the startup parameter %s=%s is refused by name', async (name, given) => {
  const door = await startDoor();
  const client = await rawInTls(door.port);
  // An empty name is the end, and what is behind it is too much.
  client.send(withParameters([name, given]));
  const expected = name === '' ? violation : { severity: 'FATAL', code: '28000' };
  const last = await refusal(client);
  expect(last).toMatchObject(expected);
  if (name !== '') expect(last.message).toContain(`"${name}"`);
});

test('protocol versions other than 3 are refused, and what is newer in 3 is told what is spoken', async () => {
  const door = await startDoor();
  for (const [major, minor] of [
    [2, 0],
    [1, 0],
    [0, 0],
    [4, 0],
    [1233, 5],
    [0xffff, 0xffff],
  ] as const) {
    const client = await rawInTls(door.port);
    client.send(ofVersion(major, minor));
    expect(await refusal(client), `${String(major)}.${String(minor)}`).toMatchObject({
      severity: 'FATAL',
      code: '0A000',
    });
  }
  const newer = await rawInTls(door.port);
  newer.send(ofVersion(3, 2));
  expect(await newer.message('negotiate-protocol-version')).toMatchObject({ minor: 0, unknown: [] });
  await newer.message('authentication-sasl');
  expect(door.shown).toEqual([]);
});

test.each([
  ['a query', typed('Q', text('select 1'))],
  ['a Parse', typed('P', text(''), text('select 1'), raw('\0\0'))],
  ['a Sync', typed('S')],
  ['COPY data', typed('d', raw('x'))],
  ['a message of 2^31-1 bytes', Buffer.concat([raw('p'), int32(0x7fff_ffff)])],
  ['a message of 10,001 bytes', Buffer.concat([raw('p'), int32(10_000)])],
  ['a message of a negative length', Buffer.concat([raw('p'), int32(-1)])],
  ['another first packet', startup],
  ['no mechanism', typed('p')],
  ['a mechanism that is not offered', saslInitial('SCRAM-SHA-1', 'n,,n=,r=abc')],
  ['a mechanism without data', saslInitial('SCRAM-SHA-256', null)],
  ['data that is none', saslInitial('SCRAM-SHA-256', 'n,,n=')],
  ['another identity', saslInitial('SCRAM-SHA-256', 'n,a=admin,n=,r=abc')],
  ['another binding', saslInitial('SCRAM-SHA-256-PLUS', 'p=tls-unique,,n=,r=abc')],
  ['a field that goes on', typed('p', text('SCRAM-SHA-256'), int32(0x7fff_ffff), raw('n,,n=,r=abc'))],
])('%s in place of SASL ends the connection', async (_what, bytes) => {
  const door = await startDoor();
  const client = await rawInTls(door.port);
  client.send(startup);
  await client.message('authentication-sasl');
  client.send(bytes);
  expect(await refusal(client)).toMatchObject(violation);
  expect(door.shown).toEqual([]);
});

test('a client that was kept from seeing that channel binding is offered does not log in, and that is noted', async () => {
  const door = await startDoor();
  const client = await rawInTls(door.port);
  client.send(startup);
  await client.message('authentication-sasl');
  client.send(saslInitial('SCRAM-SHA-256', 'y,,n=,r=abc'));
  expect(await refusal(client)).toMatchObject(violation);
  expect(door.shown).toMatchObject([{ door: 'postgres', source: '127.0.0.1', userName: door.userName }]);
  expect(door.requests).toEqual([]);
});

test('a proof that is none is refused like a wrong one, and noted', async () => {
  const door = await startDoor();
  const texts = new Set<string | undefined>();
  const ends = ['', 'c=biws', 'c=biws,r=other,p=AAAA', `c=biws,r=NONCE,p=${Buffer.alloc(32).toString('base64')}`];
  for (const end of ends) {
    const client = await rawInTls(door.port);
    client.send(startup);
    await client.message('authentication-sasl');
    client.send(saslInitial('SCRAM-SHA-256', 'n,,n=,r=abc'));
    const first = (await client.message('authentication-sasl-continue')).data.toString();
    const nonce = /r=([^,]*)/.exec(first)?.[1] ?? '';
    client.send(typed('p', raw(end.replace('NONCE', nonce))));
    const last = await refusal(client);
    expect(last).toMatchObject({ severity: 'FATAL', code: '28P01' });
    texts.add(last.message);
  }
  expect(texts.size).toBe(1);
  expect(door.shown).toHaveLength(ends.length);
  expect(door.requests).toEqual([]);
});

test('a client says 10 KB at the most before it is logged in', async () => {
  const door = await startDoor();
  const client = await rawInTls(door.port);
  client.send(withParameters(['application_name', 'x'.repeat(5_000)]));
  await client.message('authentication-sasl');
  // As long as a message may be, and not over yet.
  client.send(raw('p'), int32(9_999), Buffer.alloc(5_300));
  expect(await refusal(client)).toMatchObject(violation);
  await opensTo(door);
});

test('who is slow is told so, and let go', async () => {
  const door = await startDoor({ graceMilliseconds: 5000, firstStepMilliseconds: 4000 });
  const [clear, inside, asked] = await Promise.all([rawClient(door.port), rawInTls(door.port), rawInTls(door.port)]);
  clear.send(int32(5_000), raw('x'));
  inside.send(startup.subarray(0, -1));
  asked.send(startup);
  await asked.message('authentication-sasl');
  asked.send(raw('p'), int32(100));
  for (const client of [clear, inside, asked]) {
    expect(await refusal(client)).toMatchObject({ severity: 'FATAL', code: '28000' });
  }
});

test('who never begins the handshake is let go', async () => {
  const door = await startDoor({ graceMilliseconds: 2000 });
  const client = await rawClient(door.port);
  client.send(encodeFirstPacket.sslRequest());
  await client.ended();
  expect(client.heard().toString()).toBe('S');
});

test('a flood of half logins keeps no honest one out', async () => {
  const door = await startDoor({ waitingPerSource: 8 });
  const flood: RawClient[] = [];
  for (let n = 0; n < 40; n += 1) {
    const client = n % 2 === 0 ? await rawClient(door.port) : await rawInTls(door.port);
    client.send(n % 2 === 0 ? encodeFirstPacket.sslRequest() : startup.subarray(0, 9));
    flood.push(client);
  }
  await opensTo(door);
  await until(() => flood.filter((client) => client.isOpen()).length <= 8, { what: 'most of them gone' });
});

test('a login that is broken off anywhere, or goes wrong anywhere, leaves nothing behind', async () => {
  const door = await startDoor();
  const first = saslInitial('SCRAM-SHA-256', 'n,,n=,r=abc');
  const said = encodeFirstPacket.sslRequest();
  for (let cut = 0; cut < said.length; cut += 1) {
    const client = await rawClient(door.port);
    client.send(said.subarray(0, cut));
    client.close();
  }
  for (let cut = 0; cut < startup.length + first.length; cut += 3) {
    const client = await rawInTls(door.port);
    client.send(startup.subarray(0, cut));
    if (cut > startup.length) {
      await client.message('authentication-sasl');
      client.send(first.subarray(0, cut - startup.length));
    }
    client.close();
  }
  expect(door.shown).toEqual([]);
  await opensTo(door);
});
