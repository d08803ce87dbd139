import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { publicBlobOf, publicLine } from '../../../src/adapters/ssh-keys/public-blob.ts';
import { fields, payload } from '../../../src/proxies/ssh/codec/wire.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { until } from '../../kit/until.ts';
import { login, startProxy, type TestProxy, type TestTarget, targetOf, userName } from './proxy-kit.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

/** What ssh2's client keeps to itself, used here to say what no honest client says. */
interface Raw {
  readonly _protocol: {
    _onPayload: (payload: Buffer) => unknown;
    readonly _kex: { readonly sessionID: Buffer };
    readonly _packetRW: { readonly write: { readonly allocStart: number; alloc(size: number): Buffer } };
    readonly _cipher: { encrypt(packet: Buffer): void };
  };
}

interface Attacker {
  readonly sessionId: Buffer;
  send(message: Uint8Array): void;
  /** The numbers of the answers so far: 51 is a no, 52 the login, 60 PK_OK. */
  readonly answers: readonly number[];
  readonly closed: () => boolean;
}

/** A connection that may log in now, and that says only what the test sends. */
async function attacker(proxy: TestProxy): Promise<Attacker> {
  const client = new ssh2.Client();
  const answers: number[] = [];
  let closed = false;
  client.on('error', () => undefined);
  client.on('close', () => (closed = true));
  onTestFinished(() => void client.destroy());
  const inner = await new Promise<Raw['_protocol']>((resolve) => {
    const mayLogIn: ssh2.AuthHandlerMiddleware = () => resolve((client as unknown as Raw)._protocol);
    client.connect({ host: '127.0.0.1', port: proxy.port, username: login, authHandler: mayLogIn });
    const protocol = (client as unknown as Raw)._protocol;
    const dispatch = protocol._onPayload;
    protocol._onPayload = (message) => {
      const type = message[0] ?? 0;
      if (![51, 52, 60].includes(type)) return dispatch(message);
      answers.push(type);
      return undefined;
    };
  });
  return {
    sessionId: Buffer.from(inner._kex.sessionID),
    send: (message) => {
      const packet = inner._packetRW.write.alloc(message.length);
      packet.set(message, inner._packetRW.write.allocStart);
      inner._cipher.encrypt(packet);
    },
    answers,
    closed: () => closed,
  };
}

interface Attempt {
  readonly user: string;
  readonly service: string;
  readonly algorithm: string;
  readonly blob: Uint8Array;
}

class Key {
  readonly #private: KeyObject = generateKeyPairSync('ed25519').privateKey;
  readonly blob = publicBlobOf(this.#private) ?? Buffer.alloc(0);
  readonly line = publicLine(this.blob);

  attempt(over: Partial<Attempt> = {}): Attempt {
    return { user: login, service: 'ssh-connection', algorithm: 'ssh-ed25519', blob: this.blob, ...over };
  }

  sign(signed: Uint8Array): Buffer {
    return fields('ssh-ed25519', sign(null, signed, this.#private));
  }
}

const unsigned = ({ user, service, algorithm, blob }: Attempt): Buffer =>
  payload(50, user, service, 'publickey', false, algorithm, blob);
const toSign = ({ user, service, algorithm, blob }: Attempt): Buffer =>
  payload(50, user, service, 'publickey', true, algorithm, blob);
const overSession = (sessionId: Buffer, attempt: Attempt): Buffer =>
  Buffer.concat([fields(sessionId), toSign(attempt)]);
const signed = (attempt: Attempt, signature: Buffer): Buffer => Buffer.concat([toSign(attempt), fields(signature)]);
const session = payload(90, 'session', 0, 0x20_0000, 0x8000);

async function answered(to: Attacker, count = 1): Promise<readonly number[]> {
  await until(() => to.answers.length >= count || to.closed(), { what: 'the answer' });
  return to.answers;
}

test('the key itself, over this session, this name and this key, logs in', async () => {
  const key = new Key();
  const proxy = await startProxy({ target, keys: () => [key.line] });
  const client = await attacker(proxy);
  const attempt = key.attempt();
  client.send(signed(attempt, key.sign(overSession(client.sessionId, attempt))));
  expect(await answered(client)).toEqual([52]);
});

test.each([
  ['nothing of this session', (key: Key) => toSign(key.attempt())],
  ['another session', (key: Key) => overSession(Buffer.alloc(32, 7), key.attempt())],
  ['another name', (key: Key, id: Buffer) => overSession(id, key.attempt({ user: 'mallory~web-1' }))],
  ['another target', (key: Key, id: Buffer) => overSession(id, key.attempt({ user: `${userName}~web-2` }))],
  ['another service', (key: Key, id: Buffer) => overSession(id, key.attempt({ service: 'ssh-userauth' }))],
  ['another algorithm', (key: Key, id: Buffer) => overSession(id, key.attempt({ algorithm: 'rsa-sha2-512' }))],
  ['another key', (key: Key, id: Buffer) => overSession(id, key.attempt({ blob: new Key().blob }))],
  ['an offer', (key: Key, id: Buffer) => Buffer.concat([fields(id), unsigned(key.attempt())])],
])('a signature over %s is refused and noted', async (_, made) => {
  const key = new Key();
  const proxy = await startProxy({ target, keys: () => [key.line] });
  const client = await attacker(proxy);
  client.send(signed(key.attempt(), key.sign(made(key, client.sessionId))));
  expect(await answered(client)).toEqual([51]);
  expect(proxy.shown).toEqual([{ userName, source: '127.0.0.1', good: false }]);
});

test('a signature that was good is good for its own connection only', async () => {
  const key = new Key();
  const proxy = await startProxy({ target, keys: () => [key.line] });
  const [victim, thief] = [await attacker(proxy), await attacker(proxy)];
  const attempt = key.attempt();
  const request = signed(attempt, key.sign(overSession(victim.sessionId, attempt)));
  victim.send(request);
  expect(await answered(victim)).toEqual([52]);
  thief.send(request);
  expect(await answered(thief)).toEqual([51]);
});

test.each([
  ['a certificate’s name', { algorithm: 'ssh-ed25519-cert-v01@openssh.com' }],
  ['SHA-1', { algorithm: 'ssh-rsa' }],
  ['another key’s algorithm', { algorithm: 'rsa-sha2-256' }],
  ['no algorithm', { algorithm: '' }],
])('a good signature under %s is refused', async (_, over) => {
  const key = new Key();
  const proxy = await startProxy({ target, keys: () => [key.line] });
  const client = await attacker(proxy);
  const attempt = key.attempt(over);
  client.send(signed(attempt, key.sign(overSession(client.sessionId, attempt))));
  await until(() => client.answers.length > 0 || client.closed(), { what: 'an answer or the end' });
  expect(client.answers).not.toContain(52);
  expect(proxy.shown.some(({ good }) => good)).toBe(false);
});

test('an offered key is not a login: what comes after PK_OK ends the connection, and nothing was admitted', async () => {
  const key = new Key();
  const proxy = await startProxy({ target, keys: () => [key.line] });
  const client = await attacker(proxy);
  client.send(unsigned(key.attempt()));
  expect(await answered(client)).toEqual([60]);
  client.send(session);
  await until(client.closed, { what: 'the connection to end' });
  expect(proxy.requests).toEqual([]);
  expect(proxy.shown.some(({ good }) => good)).toBe(false);
});

test('the login is the key that signed, not the one that was asked about last', async () => {
  const [key, other] = [new Key(), new Key()];
  const proxy = await startProxy({ target, keys: () => [key.line] });
  const client = await attacker(proxy);
  client.send(unsigned(key.attempt()));
  expect(await answered(client)).toEqual([60]);
  const attempt = other.attempt();
  client.send(signed(attempt, other.sign(overSession(client.sessionId, attempt))));
  expect(await answered(client, 2)).toEqual([60, 51]);
  expect(proxy.requests).toEqual([]);
});

test('requests that do not wait for their answers log nobody in by a key they did not prove', async () => {
  const [key, other] = [new Key(), new Key()];
  const proxy = await startProxy({ target, keys: () => [key.line] });
  const client = await attacker(proxy);
  const attempt = other.attempt();
  const foreign = signed(attempt, other.sign(overSession(client.sessionId, attempt)));
  for (const message of [unsigned(other.attempt()), foreign, unsigned(key.attempt()), foreign]) client.send(message);
  await until(() => client.answers.length >= 3 || client.closed(), { what: 'the answers' });
  expect(client.answers).not.toContain(52);
  expect(proxy.requests).toEqual([]);
});

test('an offer gets the same answer under every name, and 32 are the most', async () => {
  const [key, other] = [new Key(), new Key()];
  const proxy = await startProxy({ target, keys: () => [key.line] });
  for (const user of [login, 'nobody~web-1', '~~~~', '']) {
    const client = await attacker(proxy);
    client.send(unsigned(key.attempt({ user })));
    expect(await answered(client)).toEqual([60]);
    const stranger = await attacker(proxy);
    stranger.send(unsigned(other.attempt({ user })));
    expect(await answered(stranger)).toEqual([51]);
  }
  const many = await attacker(proxy);
  for (let offer = 1; offer <= 32; offer += 1) {
    many.send(unsigned(other.attempt()));
    expect(await answered(many, offer)).toHaveLength(offer);
  }
  many.send(unsigned(other.attempt()));
  await until(many.closed, { what: 'the connection to end' });
  expect(many.answers).toEqual(Array.from({ length: 32 }, () => 51));
  expect(proxy.shown, 'an offer is no attempt').toEqual([]);
});

test('the sixth wrong signature ends the connection', async () => {
  const key = new Key();
  const proxy = await startProxy({ target, keys: () => [key.line] });
  const client = await attacker(proxy);
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    client.send(signed(key.attempt(), key.sign(Buffer.from('no'))));
    await until(() => client.answers.length === attempt || client.closed(), { what: 'the answer' });
  }
  await until(client.closed, { what: 'the connection to end' });
  expect(client.answers).toHaveLength(5);
  expect(proxy.shown).toHaveLength(6);
});

test.each([
  ['is cut', (whole: Buffer) => whole.subarray(0, -3)],
  ['goes on after its end', (whole: Buffer) => Buffer.concat([whole, Buffer.of(0)])],
])('a request that %s ends the connection', async (_, spoil) => {
  const key = new Key();
  const proxy = await startProxy({ target, keys: () => [key.line] });
  const client = await attacker(proxy);
  const attempt = key.attempt();
  client.send(spoil(signed(attempt, key.sign(overSession(client.sessionId, attempt)))));
  await until(client.closed, { what: 'the connection to end' });
  expect(client.answers).toEqual([]);
});
