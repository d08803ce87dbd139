import { expect, test } from 'vitest';
import { ProtocolError, SallyportError } from '../../../../src/domain/kernel/errors.ts';
import { decodeFrontend } from '../../../../src/proxies/postgres/codec/frontend.ts';
import { encodeFrontend } from '../../../../src/proxies/postgres/codec/frontend-encode.ts';
import { decodeSaslInitialResponse } from '../../../../src/proxies/postgres/codec/sasl.ts';
import { int16, int32, list, raw, text, typed, value } from './bytes.ts';

test.each([
  ['Query', typed('Q', text("SELECT 'ü'")), { type: 'query', text: Buffer.from("SELECT 'ü'") }],
  ['an empty Query', typed('Q', text('')), { type: 'query', text: Buffer.alloc(0) }],
  [
    'Parse',
    typed('P', text('s1'), text('SELECT $1'), list(int32(23), int32(0))),
    { type: 'parse', statement: 's1', text: Buffer.from('SELECT $1'), parameterTypes: [23, 0] },
  ],
  [
    'Bind',
    typed('B', text('p'), text('s1'), list(int16(1)), list(value('é'), value(null), value('')), list(int16(0))),
    {
      type: 'bind',
      portal: 'p',
      statement: 's1',
      formats: [1],
      parameters: [Buffer.from('é'), null, Buffer.alloc(0)],
      resultFormats: [0],
    },
  ],
  ['Describe of a statement', typed('D', raw('S'), text('s1')), { type: 'describe', what: 'statement', name: 's1' }],
  ['Describe of a portal', typed('D', raw('P'), text('')), { type: 'describe', what: 'portal', name: '' }],
  ['Close of a statement', typed('C', raw('S'), text('s1')), { type: 'close', what: 'statement', name: 's1' }],
  ['Close of a portal', typed('C', raw('P'), text('p')), { type: 'close', what: 'portal', name: 'p' }],
  ['Execute', typed('E', text('p'), int32(50)), { type: 'execute', portal: 'p', maxRows: 50 }],
  ['Execute of all rows', typed('E', text(''), int32(-1)), { type: 'execute', portal: '', maxRows: -1 }],
  ['Sync', typed('S'), { type: 'sync' }],
  ['Flush', typed('H'), { type: 'flush' }],
  [
    'FunctionCall',
    typed('F', int32(-1), list(int16(1)), list(value('a'), value(null)), int16(1)),
    {
      type: 'function-call',
      functionId: 0xffff_ffff,
      formats: [1],
      parameters: [Buffer.from('a'), null],
      resultFormat: 1,
    },
  ],
  ['CopyData', typed('d', raw('1\t2\n')), { type: 'copy-data', data: Buffer.from('1\t2\n') }],
  ['CopyDone', typed('c'), { type: 'copy-done' }],
  ['CopyFail', typed('f', text('enough')), { type: 'copy-fail', reason: Buffer.from('enough') }],
  ['Terminate', typed('X'), { type: 'terminate' }],
  ['SASLResponse', typed('p', raw('c=biws')), { type: 'authentication', data: Buffer.from('c=biws') }],
])('%s is read', (_name, bytes, expected) => {
  expect(decodeFrontend(bytes)).toEqual(expected);
});

test.each([
  ['an unknown type', typed('Z', raw('I')), 'unknown-type', 0],
  ['a length that is not its own', Buffer.from('530000000500', 'hex').subarray(0, 5), 'length', 1],
  ['a negative length', Buffer.from('53ffffffff', 'hex'), 'length', 1],
  ['a text without end', typed('Q', raw('SELECT 1')), 'unterminated', 5],
  ['a second text', typed('Q', text('SELECT 1'), text('DROP')), 'surplus', 14],
  ['Sync with a body', typed('S', raw(' ')), 'surplus', 5],
  ['neither statement nor portal', typed('D', raw('X'), text('')), 'kind', 5],
  ['fewer parameters than counted', typed('B', text(''), text(''), list(), int16(0xffff)), 'truncated', 11],
  ['a parameter of -2 bytes', typed('B', text(''), text(''), list(), list(int32(-2)), list()), 'length', 11],
  [
    'a parameter of 2^31-1 bytes',
    typed('B', text(''), text(''), list(), list(int32(0x7fff_ffff)), list()),
    'truncated',
    15,
  ],
  [
    'a parameter that ends too early',
    typed('B', text(''), text(''), list(), list(int32(3), raw('ab'))),
    'truncated',
    15,
  ],
  ['no result formats', typed('B', text(''), text(''), list(), list()), 'truncated', 11],
])('%s is a ProtocolError', (_name, bytes, code, offset) => {
  expect(() => decodeFrontend(bytes)).toThrow(expect.objectContaining({ name: 'ProtocolError', code, offset }));
});

test('names that differ in a byte that is not UTF-8 stay apart', () => {
  const name = (hex: string): unknown => decodeFrontend(typed('C', raw('S'), Buffer.from(`${hex}00`, 'hex')));
  expect(name('ff')).not.toEqual(name('fe'));
  expect(name('c3bc')).toEqual({ type: 'close', what: 'statement', name: Buffer.from('ü').toString('latin1') });
});

test('parameters are views of the message, not copies', () => {
  // Memory of its own: two small buffers may lie in the same one.
  const bytes = Buffer.from(Uint8Array.from(typed('B', text(''), text(''), list(), list(value('abc')), list())).buffer);
  const decoded = decodeFrontend(bytes);
  expect(decoded.type === 'bind' && decoded.parameters[0]?.buffer).toBe(bytes.buffer);
});

test('65,535 parameters are read', () => {
  const all = Array.from({ length: 0xffff }, (_, item) => value(String(item)));
  const decoded = decodeFrontend(typed('B', text(''), text(''), list(), list(...all), list()));
  expect(decoded.type === 'bind' && decoded.parameters.length).toBe(0xffff);
  expect(decoded.type === 'bind' && decoded.parameters.at(-1)?.toString()).toBe('65534');
});

test.each([
  ['Query', encodeFrontend.query('SET a = 1'), typed('Q', text('SET a = 1'))],
  ['Parse', encodeFrontend.parse('s', 'SELECT $1'), typed('P', text('s'), text('SELECT $1'), list())],
  ['Sync', encodeFrontend.sync(), typed('S')],
  ['Terminate', encodeFrontend.terminate(), typed('X')],
  [
    'SASLInitialResponse',
    encodeFrontend.saslInitialResponse('SCRAM-SHA-256', Buffer.from('n,,')),
    typed('p', text('SCRAM-SHA-256'), value('n,,')),
  ],
  ['SASLResponse', encodeFrontend.saslResponse(Buffer.from('c=biws')), typed('p', raw('c=biws'))],
])('%s is written', (_name, bytes, expected) => {
  expect(bytes.toString('latin1')).toBe(Buffer.from(expected).toString('latin1'));
});

test('a statement with a NUL in it is not written', () => {
  expect(() => encodeFrontend.query('SELECT 1\0')).toThrow(SallyportError);
});

test('SASLInitialResponse is read, with a response and without', () => {
  const read = (...fields: readonly Uint8Array[]): unknown => decodeSaslInitialResponse(Buffer.concat(fields));
  expect(read(text('SCRAM-SHA-256'), value('n,,'))).toEqual({
    mechanism: 'SCRAM-SHA-256',
    response: Buffer.from('n,,'),
  });
  expect(read(text('SCRAM-SHA-256'), value(null))).toEqual({ mechanism: 'SCRAM-SHA-256', response: null });
  expect(() => read(text('SCRAM-SHA-256'), int32(9), raw('n,,'))).toThrow(ProtocolError);
  expect(() => read(text('SCRAM-SHA-256'), value('n,,'), raw('x'))).toThrow(ProtocolError);
  expect(() => read(raw('SCRAM-SHA-256'))).toThrow(ProtocolError);
});
