import { expect, test } from 'vitest';
import { ProtocolError, SallyportError } from '../../../../src/domain/kernel/errors.ts';
import { decodeBackend } from '../../../../src/proxies/postgres/codec/backend-decode.ts';
import { encodeBackend } from '../../../../src/proxies/postgres/codec/backend-encode.ts';
import { int8, int16, int32, list, raw, text, typed } from './bytes.ts';

const zero = int8(0);

test.each([
  ['AuthenticationOk', typed('R', int32(0)), { type: 'authentication-ok' }],
  ['AuthenticationCleartextPassword', typed('R', int32(3)), { type: 'authentication-cleartext' }],
  [
    'AuthenticationMD5Password',
    typed('R', int32(5), raw('salt')),
    { type: 'authentication-md5', salt: Buffer.from('salt') },
  ],
  ['AuthenticationKerberosV5', typed('R', int32(2)), { type: 'authentication-other', code: 2 }],
  ['AuthenticationGSSContinue', typed('R', int32(8), raw('data')), { type: 'authentication-other', code: 8 }],
  [
    'AuthenticationSASL',
    typed('R', int32(10), text('SCRAM-SHA-256-PLUS'), text('SCRAM-SHA-256'), zero),
    { type: 'authentication-sasl', mechanisms: ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'] },
  ],
  [
    'AuthenticationSASLContinue',
    typed('R', int32(11), raw('r=1')),
    { type: 'authentication-sasl-continue', data: Buffer.from('r=1') },
  ],
  [
    'AuthenticationSASLFinal',
    typed('R', int32(12), raw('v=1')),
    { type: 'authentication-sasl-final', data: Buffer.from('v=1') },
  ],
  [
    'ParameterStatus',
    typed('S', text('TimeZone'), text('Europe/Zürich')),
    { type: 'parameter-status', name: 'TimeZone', value: 'Europe/Zürich' },
  ],
  [
    'BackendKeyData',
    typed('K', int32(-7), int32(0x01020304)),
    { type: 'backend-key-data', processId: -7, secret: Buffer.of(1, 2, 3, 4) },
  ],
  [
    'BackendKeyData of 3.2',
    typed('K', int32(7), raw('k'.repeat(256))),
    { type: 'backend-key-data', processId: 7, secret: Buffer.from('k'.repeat(256)) },
  ],
  ['ReadyForQuery, idle', typed('Z', raw('I')), { type: 'ready-for-query', status: 'I' }],
  ['ReadyForQuery, in a transaction', typed('Z', raw('T')), { type: 'ready-for-query', status: 'T' }],
  ['ReadyForQuery, failed', typed('Z', raw('E')), { type: 'ready-for-query', status: 'E' }],
  [
    'CommandComplete of SELECT',
    typed('C', text('SELECT 12')),
    { type: 'command-complete', tag: 'SELECT 12', rows: 12 },
  ],
  [
    'CommandComplete of INSERT',
    typed('C', text('INSERT 0 3')),
    { type: 'command-complete', tag: 'INSERT 0 3', rows: 3 },
  ],
  [
    'CommandComplete without rows',
    typed('C', text('CREATE TABLE')),
    { type: 'command-complete', tag: 'CREATE TABLE', rows: null },
  ],
  [
    'CommandComplete with too many rows for a number',
    typed('C', text(`SELECT ${'9'.repeat(19)}`)),
    { type: 'command-complete', tag: `SELECT ${'9'.repeat(19)}`, rows: null },
  ],
  [
    'ErrorResponse',
    typed('E', text('SERROR'), text('C42601'), text('Mübel'), text('C00000'), zero),
    {
      type: 'error-response',
      fields: new Map([
        ['S', 'ERROR'],
        ['C', '42601'],
        ['M', 'übel'],
      ]),
    },
  ],
  ['NoticeResponse', typed('N', text('MHm'), zero), { type: 'notice-response', fields: new Map([['M', 'Hm']]) }],
  [
    'ParameterDescription',
    typed('t', list(int32(23), int32(-1))),
    { type: 'parameter-description', dataTypes: [23, 0xffff_ffff] },
  ],
  [
    'RowDescription',
    typed('T', list(Buffer.concat([text('a'), int32(16385), int16(2), int32(25), int16(-1), int32(-1), int16(1)]))),
    {
      type: 'row-description',
      columns: [{ name: 'a', table: 16385, attribute: 2, dataType: 25, size: -1, modifier: -1, format: 1 }],
    },
  ],
  [
    'CopyInResponse',
    typed('G', int8(0), list(int16(0), int16(0))),
    { type: 'copy-in', binary: false, formats: [0, 0] },
  ],
  ['CopyOutResponse', typed('H', int8(1), list(int16(1))), { type: 'copy-out', binary: true, formats: [1] }],
  ['CopyBothResponse', typed('W', int8(0), list()), { type: 'copy-both', binary: false, formats: [] }],
  [
    'NegotiateProtocolVersion',
    typed('v', int32(0x3_0000), int32(2), text('_pq_.a'), text('_pq_.b')),
    { type: 'negotiate-protocol-version', minor: 0, unknown: ['_pq_.a', '_pq_.b'] },
  ],
  ['EmptyQueryResponse', typed('I'), { type: 'empty-query' }],
  ['ParseComplete', typed('1'), { type: 'parse-complete' }],
  ['BindComplete', typed('2'), { type: 'bind-complete' }],
  ['CloseComplete', typed('3'), { type: 'close-complete' }],
  ['NoData', typed('n'), { type: 'no-data' }],
  ['PortalSuspended', typed('s'), { type: 'portal-suspended' }],
  ['CopyDone', typed('c'), { type: 'copy-done' }],
  ['DataRow', typed('D', raw('row')), { type: 'data-row', body: Buffer.from('row') }],
  ['FunctionCallResponse', typed('V', int32(-1)), { type: 'function-result', body: Buffer.from([255, 255, 255, 255]) }],
  ['CopyData', typed('d', raw('1\t2\n')), { type: 'copy-data', body: Buffer.from('1\t2\n') }],
  [
    'NotificationResponse',
    typed('A', int32(1), text('a'), text('b')),
    { type: 'notification', body: Buffer.from('\0\0\0\x01a\0b\0') },
  ],
])('%s is read', (_name, bytes, expected) => {
  expect(decodeBackend(bytes)).toEqual(expected);
});

test.each([
  ['an unknown type', typed('Y'), 'unknown-type', 0],
  ['a length that is not its own', Buffer.from('5a0000000649', 'hex'), 'length', 1],
  ['half a header', Buffer.from('5a00', 'hex'), 'length', 0],
  ['too short', typed('Z'), 'truncated', 5],
  ['too long', typed('Z', raw('II')), 'surplus', 6],
  ['a status that there is not', typed('Z', raw('X')), 'kind', 5],
  ['a text without end', typed('C', raw('SELECT')), 'unterminated', 5],
  ['fields without end', typed('E', text('SERROR')), 'truncated', 12],
  ['mechanisms without end', typed('R', int32(10), text('SCRAM-SHA-256')), 'unterminated', 23],
  ['a salt of three bytes', typed('R', int32(5), raw('sal')), 'truncated', 9],
  ['a short key', typed('K', int32(1), raw('abc')), 'length', 9],
  ['a long key', typed('K', int32(1), raw('k'.repeat(257))), 'length', 9],
  ['fewer columns than counted', typed('T', int16(0xffff)), 'unterminated', 7],
  ['fewer types than counted', typed('t', int16(2), int32(23)), 'truncated', 11],
  ['a COPY format that there is not', typed('G', int8(2), list()), 'kind', 5],
  ['2^31-1 options', typed('v', int32(0x3_0000), int32(0x7fff_ffff)), 'count', 9],
  ['2^32-1 options', typed('v', int32(0x3_0000), int32(-1)), 'count', 9],
])('%s is a ProtocolError', (_name, bytes, code, offset) => {
  expect(() => decodeBackend(bytes)).toThrow(expect.objectContaining({ name: 'ProtocolError', code, offset }));
  expect(() => decodeBackend(bytes)).toThrow(ProtocolError);
});

test.each([
  ['AuthenticationOk', encodeBackend.authenticationOk(), typed('R', int32(0))],
  [
    'AuthenticationSASL',
    encodeBackend.authenticationSasl(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256']),
    typed('R', int32(10), text('SCRAM-SHA-256-PLUS'), text('SCRAM-SHA-256'), zero),
  ],
  [
    'AuthenticationSASLContinue',
    encodeBackend.authenticationSaslContinue(Buffer.from('r=1')),
    typed('R', int32(11), raw('r=1')),
  ],
  [
    'AuthenticationSASLFinal',
    encodeBackend.authenticationSaslFinal(Buffer.from('v=1')),
    typed('R', int32(12), raw('v=1')),
  ],
  ['ParameterStatus', encodeBackend.parameterStatus('a', 'ü'), typed('S', text('a'), text('ü'))],
  [
    'BackendKeyData',
    encodeBackend.backendKeyData(0x7fff_ffff, Buffer.from('key1')),
    typed('K', int32(0x7fff_ffff), raw('key1')),
  ],
  ['ReadyForQuery', encodeBackend.readyForQuery('T'), typed('Z', raw('T'))],
  ['CommandComplete', encodeBackend.commandComplete('SET'), typed('C', text('SET'))],
  ['EmptyQueryResponse', encodeBackend.emptyQuery(), typed('I')],
  [
    'ErrorResponse',
    encodeBackend.errorResponse({ severity: 'FATAL', code: '28000', message: 'no', detail: 'why', hint: 'do' }),
    typed('E', text('SFATAL'), text('VFATAL'), text('C28000'), text('Mno'), text('Dwhy'), text('Hdo'), zero),
  ],
  [
    'NoticeResponse',
    encodeBackend.noticeResponse({ severity: 'WARNING', code: '01000', message: 'soon' }),
    typed('N', text('SWARNING'), text('VWARNING'), text('C01000'), text('Msoon'), zero),
  ],
  [
    'NegotiateProtocolVersion',
    encodeBackend.negotiateProtocolVersion(0, ['_pq_.a']),
    typed('v', int32(0x3_0000), int32(1), text('_pq_.a')),
  ],
])('%s is written', (_name, bytes, expected) => {
  expect(bytes.toString('latin1')).toBe(Buffer.from(expected).toString('latin1'));
});

test('a text with a NUL in it begins no field of its own: it is not written', () => {
  const forged = { severity: 'ERROR', code: '42501', message: 'a\0C00000' } as const;
  expect(() => encodeBackend.errorResponse(forged)).toThrow(SallyportError);
  expect(() => encodeBackend.parameterStatus('a', 'b\0')).toThrow(SallyportError);
});
