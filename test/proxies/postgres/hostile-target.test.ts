import type { TLSSocket } from 'node:tls';
import { beforeAll, expect, test } from 'vitest';
import { type Certified, makeTestCa, type TestCa } from '../../kit/certificates.ts';
import { until } from '../../kit/until.ts';
import { type HostileScript, hostileTarget, openLeg } from './leg-kit.ts';

let ca: TestCa;
let good: Certified;
beforeAll(async () => {
  ca = await makeTestCa();
  good = await ca.certify();
});

const password = 'Secret-of-db1';

/** Opens a leg to a target with this script; gives the error, and checks that the password never left. */
async function opened(script: HostileScript, connectMilliseconds = 30_000) {
  const target = await hostileTarget(script);
  const leg = { port: target.port, password, trust: { tls: { ca: ca.pem } }, connectMilliseconds };
  const error = await openLeg(leg).then(
    () => new Error('the leg was opened'),
    (thrown: unknown) => thrown,
  );
  const sent = Buffer.concat([target.plain(), target.inside()]);
  expect(sent.includes(password)).toBe(false);
  expect(String(error)).not.toContain(password);
  return { error, target };
}

const message = (type: string, ...parts: (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const head = Buffer.alloc(5, type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const auth = (code: number, data = ''): Buffer => message('R', Buffer.of(0, 0, 0, code), data);
const scram = auth(10, 'SCRAM-SHA-256\0\0');
const notice = message('N', 'SNOTICE\0C00000\0Mhello\0\0');

/** Answers the n-th piece that comes inside TLS with the n-th of these. */
function answers(...steps: ((received: string) => Buffer)[]) {
  let at = 0;
  return (socket: TLSSocket, received: Buffer): void => {
    const step = steps[at++];
    if (step !== undefined) socket.write(step(received.toString('latin1')));
  };
}
const nonceOf = (received: string): string => /r=([^,]+)/.exec(received)?.[1] ?? '';
const challenge = (nonce: (theirs: string) => string, iterations: string) => (received: string) =>
  auth(11, `r=${nonce(nonceOf(received))},s=c2FsdHNhbHQ=,i=${iterations}`);

test.each([
  ['N', 'takes no TLS'],
  ['E', 'takes no TLS'],
  ['X', 'takes no TLS'],
  ['SR', 'sent more before TLS began'],
])('an answer %j to the SSLRequest is refused, and nothing else was sent', async (answer, says) => {
  const { error, target } = await opened({ answer });
  expect(error).toMatchObject({ code: 'target-unreachable', message: expect.stringContaining(says) });
  expect(target.plain().length).toBe(8);
});

test.each([
  ['has expired', { notBefore: new Date(Date.now() - 9e6), notAfter: new Date(Date.now() - 6e6) }],
  ['is not valid yet', { notBefore: new Date(Date.now() + 6e6), notAfter: new Date(Date.now() + 9e6) }],
  ["does not name the target's host", { names: ['db2.example.org'] }],
])('a certificate that %s is refused before anything of the login is sent', async (problem, options) => {
  const { error, target } = await opened({ certified: await ca.certify(options) });
  expect(error).toMatchObject({ code: 'target-certificate-refused', problem: expect.stringContaining(problem) });
  expect(target.inside().length).toBe(0);
});

test('a certificate of another CA is refused before anything of the login is sent', async () => {
  const { error, target } = await opened({ certified: await (await makeTestCa()).certify() });
  expect(error).toMatchObject({ problem: expect.stringContaining('no CA that is trusted') });
  expect(target.inside().length).toBe(0);
});

test.each([
  ['a cleartext password', [() => auth(3)], 'password_encryption = scram-sha-256'],
  ['an MD5 of it', [() => auth(5, 'salt')], 'password_encryption = scram-sha-256'],
  ['GSSAPI', [() => auth(7)], 'password_encryption = scram-sha-256'],
  ['another SASL mechanism', [() => auth(10, 'PLAIN\0\0')], 'password_encryption = scram-sha-256'],
  ['a nonce that is not ours', [() => scram, challenge(() => 'theirs', '4096')], 'nonce'],
  ['10 million iterations', [() => scram, challenge((ours) => `${ours}more`, '10000000')], 'iterations'],
  [
    'a login before its proof',
    [() => scram, challenge((ours) => `${ours}more`, '4096'), () => auth(0)],
    'a login before its proof',
  ],
  [
    'a wrong signature',
    [() => scram, challenge((ours) => `${ours}more`, '4096'), () => auth(12, `v=${'A'.repeat(43)}=`)],
    'does not know the password',
  ],
  ['a second exchange', [() => Buffer.concat([scram, scram])], 'a second exchange'],
  ['a row before the login', [() => message('D', '\0\0')], 'before the login'],
  ['a message of 2 GB', [() => Buffer.of(0x4e, 0x7f, 0xff, 0xff, 0xff)], 'bad length'],
  ['a negative length', [() => Buffer.of(0x52, 0xff, 0xff, 0xff, 0xff)], 'bad length'],
  ['too many parameters', [() => Buffer.concat([auth(0), ...Array(300).fill(message('S', 'a\0b\0'))])], 'parameters'],
  ['ReadyForQuery in a transaction', [() => Buffer.concat([auth(0), message('Z', 'T')])], 'none of a login'],
])('a target that sends %s is cut, and the password stays', async (_what, steps, says) => {
  const { error } = await opened({ certified: good, inTls: answers(...steps) });
  expect(error).toMatchObject({ code: expect.stringMatching(/^target-/), message: expect.stringContaining(says) });
});

test('a target of endless notices is cut', async () => {
  let closed = false;
  const flood = (socket: TLSSocket): void => {
    socket.once('close', () => (closed = true));
    const more = (): void => {
      while (!socket.destroyed && socket.write(notice));
      socket.once('drain', more);
    };
    more();
  };
  const { error } = await opened({ certified: good, inTls: flood });
  expect(error).toMatchObject({ message: expect.stringContaining('too many notices') });
  await until(() => closed, { what: 'the connection to be cut', deadlineMs: 30_000 });
});

test.each([
  ['after the SSLRequest', { answer: null }],
  ['in the TLS handshake', { answer: 'S' }],
  ['in the login', { inTls: () => undefined }],
  ['within a message', { inTls: answers(() => scram.subarray(0, 9)) }],
  ['after the challenge', { inTls: answers(() => scram) }],
])('a target that falls silent %s is given up', async (_when, script: HostileScript) => {
  const certified = script.inTls === undefined ? {} : { certified: good };
  const { error } = await opened({ ...certified, ...script }, 500);
  expect(error).toMatchObject({
    code: 'target-unreachable',
    message: expect.stringContaining('does not answer in time'),
  });
});

test.each([
  ['at once', () => undefined],
  ['within a message', (socket: TLSSocket) => socket.write(scram.subarray(0, 9))],
])('a target that hangs up %s is unreachable', async (_when, before) => {
  const inTls = (socket: TLSSocket): void => {
    before(socket);
    socket.end();
  };
  const { error } = await opened({ certified: good, inTls });
  expect(error).toMatchObject({ code: 'target-unreachable', message: expect.stringContaining('cannot be reached') });
});
