import { expect, test } from 'vitest';
import { ProtocolError, SallyportError } from '../../../../src/domain/kernel/errors.ts';
import { encodeFirstPacket, readFirstPacket } from '../../../../src/proxies/postgres/codec/startup.ts';
import { int8, int32, raw, text, untyped } from './bytes.ts';

const version = int32(0x3_0000);
const end = int8(0);

test.each([
  ['SSLRequest', untyped(int32(80877103)), { type: 'ssl-request' }],
  ['GSSENCRequest', untyped(int32(80877104)), { type: 'gssenc-request' }],
  [
    'CancelRequest',
    untyped(int32(80877102), int32(-9), raw('key1')),
    { type: 'cancel-request', processId: -9, secret: Buffer.from('key1') },
  ],
  [
    'CancelRequest of 3.2',
    untyped(int32(80877102), int32(9), raw('k'.repeat(256))),
    { type: 'cancel-request', processId: 9, secret: Buffer.from('k'.repeat(256)) },
  ],
  [
    'StartupMessage',
    untyped(version, text('user'), text('zoë~app~db'), text('options'), text(''), end),
    {
      type: 'startup',
      major: 3,
      minor: 0,
      parameters: [
        ['user', 'zoë~app~db'],
        ['options', ''],
      ],
    },
  ],
  ['StartupMessage of 3.2', untyped(int32(0x3_0002), end), { type: 'startup', major: 3, minor: 2, parameters: [] }],
  [
    'a StartupMessage of version 2, whatever it holds',
    untyped(int32(0x2_0000), raw('x'.repeat(288))),
    { type: 'startup', major: 2, minor: 0, parameters: [] },
  ],
])('%s is read, once it is whole, and what follows is given back', (_name, bytes, expected) => {
  for (let cut = 0; cut < bytes.length; cut++) expect(readFirstPacket(bytes.subarray(0, cut))).toBeNull();
  expect(readFirstPacket(bytes)).toEqual({ packet: expected, rest: Buffer.alloc(0) });
  expect(readFirstPacket(Buffer.concat([bytes, raw('more')]))).toEqual({ packet: expected, rest: Buffer.from('more') });
});

test.each([
  ['a length of 10,001', int32(10_001), 'length'],
  ['a length of 2^31-1', int32(0x7fff_ffff), 'length'],
  ['a negative length', int32(-1), 'length'],
  ['a length of 7', int32(7), 'length'],
  ['a TLS ClientHello', Buffer.from('1603010200', 'hex'), 'length'],
  ['HTTP', Buffer.from('GET / HTTP/1.1'), 'length'],
  ['a code that there is not', untyped(int32(80877105)), 'unknown-type'],
  ['SSLRequest with a body', untyped(int32(80877103), end), 'surplus'],
  ['GSSENCRequest with a body', untyped(int32(80877104), end), 'surplus'],
  ['CancelRequest without a key', untyped(int32(80877102), int32(1)), 'length'],
  ['CancelRequest with half a process id', untyped(int32(80877102), raw('ab')), 'truncated'],
  ['CancelRequest with 257 bytes of key', untyped(int32(80877102), int32(1), raw('k'.repeat(257))), 'length'],
  ['a name twice', untyped(version, text('user'), text('a'), text('user'), text('b'), end), 'duplicate'],
  ['a name without value', untyped(version, text('user')), 'unterminated'],
  ['no end', untyped(version, text('user'), text('a')), 'unterminated'],
  ['bytes after the end', untyped(version, text('user'), text('a'), end, raw('x')), 'surplus'],
  ['a name that is not UTF-8', untyped(version, text('user'), raw('\xff\0'), end), 'encoding'],
])('%s is a ProtocolError', (_name, bytes, code) => {
  const whole = Buffer.from(bytes);
  expect(() => readFirstPacket(whole)).toThrow(expect.objectContaining({ name: 'ProtocolError', code }));
  expect(() => readFirstPacket(whole)).toThrow(ProtocolError);
});

test('a packet of 10,000 bytes is read', () => {
  const bytes = untyped(version, text('user'), raw('a'.repeat(10_000 - 8 - 5 - 2)), end, end);
  expect(bytes).toHaveLength(10_000);
  expect(readFirstPacket(bytes)?.packet.type).toBe('startup');
});

test('what we send first is written, and no parameter begins another one', () => {
  expect(encodeFirstPacket.sslRequest()).toEqual(untyped(int32(80877103)));
  expect(encodeFirstPacket.cancelRequest(9, Buffer.from('key1'))).toEqual(
    untyped(int32(80877102), int32(9), raw('key1')),
  );
  const parameters = [
    ['user', 'zoë'],
    ['database', 'app'],
  ] as const;
  expect(encodeFirstPacket.startup(parameters)).toEqual(
    untyped(version, text('user'), text('zoë'), text('database'), text('app'), end),
  );
  expect(() => encodeFirstPacket.startup([['database', 'app\0user\0postgres']])).toThrow(SallyportError);
});
