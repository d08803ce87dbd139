import { duplexPair } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { openStatementParser } from '../../../src/adapters/postgres-parser/parser.ts';
import type { LiveSession } from '../../../src/application/admission/door.ts';
import { defaultPostgresChannels } from '../../../src/domain/policy/postgres-channels.ts';
import { encodeBackend } from '../../../src/proxies/postgres/codec/backend-encode.ts';
import { encodeFrontend } from '../../../src/proxies/postgres/codec/frontend-encode.ts';
import { encodeFirstPacket } from '../../../src/proxies/postgres/codec/startup.ts';
import { fatal, faulty } from '../../../src/proxies/postgres/goodbye.ts';
import { Login } from '../../../src/proxies/postgres/login.ts';
import { MessageMemory } from '../../../src/proxies/postgres/message-memory.ts';
import { Relay } from '../../../src/proxies/postgres/relay.ts';
import { Answers } from '../../../src/proxies/postgres/statements/answers.ts';
import { Gate } from '../../../src/proxies/postgres/statements/gate.ts';
import { Journal } from '../../../src/proxies/postgres/statements/journal.ts';
import { until } from '../../kit/until.ts';
import { startDoor } from './door-kit.ts';
import { proveToken, rawInTls, rawLogin } from './raw-client.ts';

// What is wrong with us ends the connection that met it: a throw in a listener would end the process, and with it everybody.

afterEach(() => {
  vi.restoreAllMocks();
});

function broken(): never {
  throw new Error('a fault of ours');
}

test.each(['ask', 'challenge', 'verify', 'accepted', 'admit'] as const)(
  'a fault in a login (%s) ends that connection with a word, and nobody else hears of it',
  async (method) => {
    const door = await startDoor();
    const parameters: readonly (readonly [string, string])[] = [['user', `${door.userName}~app`]];
    const fault = vi.spyOn(Login.prototype, method).mockImplementation(broken);
    const client = await rawInTls(door.port);
    client.send(encodeFirstPacket.startup(parameters));
    void proveToken(client, door.token).catch(() => undefined);
    await client.ended();
    expect(client.heard().subarray(-fatal(faulty).length)).toEqual(fatal(faulty));
    expect(door.requests).toEqual([]);
    fault.mockRestore();
    await expect(rawLogin(door.port, parameters, door.token)).rejects.toThrow();
    expect(door.requests).toHaveLength(1);
  },
);

/** A relay between two ends in memory; whose fault it was that it could not go on. */
async function relayed() {
  const [client, ofClient] = duplexPair();
  const [database, ofDatabase] = duplexPair();
  const session = {
    authorized: { channels: { postgres: defaultPostgresChannels }, recording: 'off' },
    recorder: null,
    received: () => undefined,
    sent: () => undefined,
    statementsNoted: async () => undefined,
  } as unknown as LiveSession;
  const target = {
    identity: '',
    stream: ofDatabase,
    early: Buffer.alloc(0),
    parameters: [],
    transactionStatus: 'I',
    notices: [],
    cancel: async () => undefined,
    onLost: () => undefined,
    close: () => undefined,
  } as const;
  const blamed: string[] = [];
  const passed: Buffer[] = [];
  database.on('data', (bytes: Buffer) => passed.push(bytes));
  const tools = { parser: await openStatementParser(), memory: new MessageMemory() };
  const relay = new Relay(ofClient, target, session, tools, {
    left: () => undefined,
    broken: (blame) => {
      blamed.push(blame);
      void relay.end(true);
    },
  });
  relay.begin();
  return { client, database, blamed, passed };
}

const query = encodeFrontend.query('select 1');

test('a fault in looking at what the client sends ends the session, and nothing of it passes', async () => {
  const { client, blamed, passed } = await relayed();
  vi.spyOn(Gate.prototype, 'pass').mockImplementation(broken);
  client.write(query);
  await until(() => blamed.length > 0, { what: 'the fault' });
  expect(blamed).toEqual(['us']);
  expect(passed).toEqual([]);
});

test('a fault in following an answer ends the session', async () => {
  const { client, database, blamed, passed } = await relayed();
  client.write(query);
  await until(() => passed.length > 0, { what: 'the statement' });
  vi.spyOn(Answers.prototype, 'ready').mockImplementation(broken);
  database.write(encodeBackend.readyForQuery('I'));
  await until(() => blamed.length > 0, { what: 'the fault' });
  expect(blamed).toEqual(['us']);
});

test('a log that does not take what was done ends the session', async () => {
  const { client, database, blamed, passed } = await relayed();
  client.write(query);
  await until(() => passed.length > 0, { what: 'the statement' });
  vi.spyOn(Journal.prototype, 'flush').mockRejectedValue(new Error('the log is down'));
  database.write(encodeBackend.readyForQuery('I'));
  await until(() => blamed.length > 0, { what: 'the end' });
  expect(blamed).toEqual(['us']);
});
