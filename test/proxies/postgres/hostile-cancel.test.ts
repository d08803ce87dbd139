import type { TLSSocket } from 'node:tls';
import { beforeAll, expect, test } from 'vitest';
import { encodeBackend } from '../../../src/proxies/postgres/codec/backend-encode.ts';
import { encodeFirstPacket } from '../../../src/proxies/postgres/codec/startup.ts';
import { type Certified, makeTestCa, type TestCa } from '../../kit/certificates.ts';
import { until } from '../../kit/until.ts';
import { type HostileScript, hostileTarget, openLeg } from './leg-kit.ts';

let ca: TestCa;
let good: Certified;
beforeAll(async () => {
  ca = await makeTestCa();
  good = await ca.certify();
});

const secret = Buffer.from('the-target-s-own-cancel-key').subarray(0, 4);
const welcome = [
  encodeBackend.authenticationOk(),
  encodeBackend.backendKeyData(4_711, secret),
  encodeBackend.readyForQuery('I'),
];
const welcoming = (socket: TLSSocket): void => void socket.write(Buffer.concat(welcome));

/** A leg to a target that behaves until the cancel request comes. */
async function leg(later: HostileScript, connectMilliseconds = 60_000) {
  const target = await hostileTarget({ certified: good, inTls: welcoming, later });
  const trust = { tls: { ca: ca.pem } };
  const opened = await openLeg({ port: target.port, password: 'unused', trust, connectMilliseconds });
  const before = target.inside().length;
  const told: string[] = [];
  opened.onLost((reason) => told.push(reason));
  const cancelled = async (): Promise<unknown> => await opened.cancel().catch((error: unknown) => error);
  return { cancelled, told, opened, inside: () => target.inside().subarray(before), plain: target.plain };
}

const key = encodeFirstPacket.cancelRequest(4_711, secret);

test('a cancel request goes inside TLS, and the answer that never comes is not needed', async () => {
  const target = await leg({ certified: good, inTls: (socket) => socket.end() });
  expect(await target.cancelled()).toBeUndefined();
  expect(target.inside()).toEqual(key);
  expect(target.plain().includes(secret)).toBe(false);
});

test.each<readonly [string, () => Promise<HostileScript>, string]>([
  ['takes no TLS any more', async () => ({ answer: 'N' }), 'takes no TLS'],
  [
    'shows a certificate of another CA',
    async () => ({ certified: await (await makeTestCa()).certify() }),
    'not trusted',
  ],
  [
    'shows a certificate for another host',
    async () => ({ certified: await ca.certify({ names: ['db2'] }) }),
    'not trusted',
  ],
])('a target that %s never hears the key, and the session is not touched', async (_what, script, says) => {
  const target = await leg(await script());
  expect(await target.cancelled()).toMatchObject({ message: expect.stringContaining(says) });
  expect(Buffer.concat([target.plain(), target.inside()]).includes(secret)).toBe(false);
  expect([target.told, target.opened.stream.destroyed]).toEqual([[], false]);
});

test('a target that is silent or endless at the request is cut in time, and the session is not touched', async () => {
  let ended = 0;
  const noted = (socket: TLSSocket): void => void socket.once('close', () => (ended += 1));
  const endless = (socket: TLSSocket): void => {
    noted(socket);
    const flood = setInterval(() => socket.write(Buffer.alloc(65_536)), 5);
    socket.once('close', () => clearInterval(flood));
  };
  const scripts: HostileScript[] = [
    { answer: null },
    { answer: 'S' },
    { certified: good, inTls: noted },
    { certified: good, inTls: endless },
  ];
  // The time is that of a login too, which has to come about on a busy machine.
  const targets = await Promise.all(scripts.map(async (script) => await leg(script, 4_000)));
  const late: unknown = expect.objectContaining({ message: expect.stringContaining('does not answer in time') });
  expect(await Promise.all(targets.map(async ({ cancelled }) => await cancelled()))).toEqual(scripts.map(() => late));
  await until(() => ended === 2, { what: 'the connections to be cut', deadlineMs: 30_000 });
  for (const { told, opened } of targets) expect([told, opened.stream.destroyed]).toEqual([[], false]);
}, 60_000);

test('a target that gave no key to cancel with is told as such', async () => {
  const inTls = (socket: TLSSocket): void => void socket.write(Buffer.concat([welcome[0]!, welcome[2]!]));
  const target = await hostileTarget({ certified: good, inTls });
  const opened = await openLeg({ port: target.port, password: 'unused', trust: { tls: { ca: ca.pem } } });
  await expect(opened.cancel()).rejects.toThrow('it gave no key to cancel with');
});
