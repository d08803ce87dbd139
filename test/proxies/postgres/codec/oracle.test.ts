import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeBackend } from '../../../../src/proxies/postgres/codec/backend-encode.ts';
import { decodeFrontend } from '../../../../src/proxies/postgres/codec/frontend.ts';
import { encodeFrontend } from '../../../../src/proxies/postgres/codec/frontend-encode.ts';
import { decodeSaslInitialResponse } from '../../../../src/proxies/postgres/codec/sasl.ts';
import { encodeFirstPacket, readFirstPacket } from '../../../../src/proxies/postgres/codec/startup.ts';
import { count } from '../../../kit/counts.ts';

/** The codec that the npm client `pg` brings along: what it writes is read here, what is written here it reads. */
interface OtherCodec {
  readonly Parser: new () => { parse(bytes: Buffer, found: (message: Record<string, unknown>) => void): void };
  readonly serialize: {
    startup(parameters: Record<string, string>): Buffer;
    requestSsl(): Buffer;
    cancel(processId: number, key: number): Buffer;
    query(text: string): Buffer;
    parse(wish: { name: string; text: string; types: number[] }): Buffer;
    bind(wish: { portal: string; statement: string; values: (string | null)[]; binary: boolean }): Buffer;
    execute(wish: { portal: string; rows: number }): Buffer;
    describe(wish: { type: 'S' | 'P'; name: string }): Buffer;
    close(wish: { type: 'S' | 'P'; name: string }): Buffer;
    flush(): Buffer;
    sync(): Buffer;
    end(): Buffer;
    copyData(chunk: Buffer): Buffer;
    copyDone(): Buffer;
    copyFail(message: string): Buffer;
    sendSASLInitialResponseMessage(mechanism: string, response: string): Buffer;
    sendSCRAMClientFinalMessage(data: string): Buffer;
  };
}
const require = createRequire(import.meta.url);
const besidePg = createRequire(require.resolve('pg'));
const other = { ...besidePg('pg-protocol'), ...besidePg('pg-protocol/dist/parser') } as OtherCodec;

const word = fc.string({ maxLength: 20, unit: 'binary' }).filter((some) => !some.includes('\0'));
const filled = word.filter((some) => some !== '');
const bytesOf = (some: string): Buffer => Buffer.from(some, 'utf8');
const latin1 = (some: string): string => bytesOf(some).toString('latin1');
const runs = { numRuns: count(200, 20_000) };

test('what pg writes as a client is read here', () => {
  const values = fc.array(fc.option(word), { maxLength: 6 });
  const asked = fc.record({ name: word, portal: word, text: word, values, types: fc.array(fc.nat()), rows: fc.nat() });
  const { serialize } = other;
  fc.assert(
    fc.property(asked, fc.boolean(), ({ name, portal, text, values, types, rows }, binary) => {
      expect(decodeFrontend(serialize.query(text))).toEqual({ type: 'query', text: bytesOf(text) });
      expect(decodeFrontend(serialize.parse({ name, text, types }))).toEqual({
        type: 'parse',
        statement: latin1(name),
        text: bytesOf(text),
        parameterTypes: types,
      });
      expect(decodeFrontend(serialize.bind({ portal, statement: name, values, binary }))).toMatchObject({
        type: 'bind',
        portal: latin1(portal),
        statement: latin1(name),
        parameters: values.map((one) => (one === null ? null : bytesOf(one))),
        resultFormats: [binary ? 1 : 0],
      });
      expect(decodeFrontend(serialize.execute({ portal, rows }))).toEqual({
        type: 'execute',
        portal: latin1(portal),
        maxRows: rows,
      });
      const about = { what: 'portal', name: latin1(name) };
      expect(decodeFrontend(serialize.describe({ type: 'P', name }))).toEqual({ type: 'describe', ...about });
      expect(decodeFrontend(serialize.close({ type: 'P', name }))).toEqual({ type: 'close', ...about });
      expect(decodeFrontend(serialize.copyData(bytesOf(text)))).toEqual({ type: 'copy-data', data: bytesOf(text) });
      expect(decodeFrontend(serialize.copyFail(text))).toEqual({ type: 'copy-fail', reason: bytesOf(text) });
    }),
    runs,
  );
  const bare = [serialize.flush(), serialize.sync(), serialize.copyDone(), serialize.end()];
  expect(bare.map((bytes) => decodeFrontend(bytes).type)).toEqual(['flush', 'sync', 'copy-done', 'terminate']);
});

test('what pg says first and in SASL is read here, and written here the same', () => {
  const { serialize } = other;
  expect(readFirstPacket(serialize.requestSsl())?.packet).toEqual({ type: 'ssl-request' });
  expect(encodeFirstPacket.sslRequest()).toEqual(serialize.requestSsl());
  expect(encodeFirstPacket.cancelRequest(7, Buffer.of(0, 0, 0, 9))).toEqual(serialize.cancel(7, 9));
  const parameters = { user: 'zoë~app~db', database: 'app' };
  expect(readFirstPacket(serialize.startup(parameters))?.packet).toMatchObject({
    major: 3,
    parameters: [...Object.entries(parameters), ['client_encoding', 'UTF8']],
  });
  const initial = serialize.sendSASLInitialResponseMessage('SCRAM-SHA-256', 'n,,n=*,r=ü');
  expect(encodeFrontend.saslInitialResponse('SCRAM-SHA-256', bytesOf('n,,n=*,r=ü'))).toEqual(initial);
  const decoded = decodeFrontend(initial);
  expect(decoded.type === 'authentication' && decodeSaslInitialResponse(decoded.data)).toEqual({
    mechanism: 'SCRAM-SHA-256',
    response: bytesOf('n,,n=*,r=ü'),
  });
  expect(encodeFrontend.saslResponse(bytesOf('c=biws'))).toEqual(serialize.sendSCRAMClientFinalMessage('c=biws'));
  expect(encodeFrontend.query('SELECT 1')).toEqual(serialize.query('SELECT 1'));
  expect(encodeFrontend.parse('s', 'SELECT 1')).toEqual(serialize.parse({ name: 's', text: 'SELECT 1', types: [] }));
  expect([encodeFrontend.sync(), encodeFrontend.terminate()]).toEqual([serialize.sync(), serialize.end()]);
});

test('what is written here as a server, pg reads', () => {
  fc.assert(
    fc.property(filled, word, fc.nat(), (name, text, id) => {
      const found: Record<string, unknown>[] = [];
      new other.Parser().parse(
        Buffer.concat([
          encodeBackend.authenticationSasl(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256']),
          encodeBackend.authenticationSaslContinue(bytesOf(text)),
          encodeBackend.authenticationSaslFinal(bytesOf(text)),
          encodeBackend.authenticationOk(),
          encodeBackend.parameterStatus(name, text),
          encodeBackend.backendKeyData(id, Buffer.of(0, 0, 1, 2)),
          encodeBackend.readyForQuery('T'),
          encodeBackend.errorResponse({ severity: 'ERROR', code: '42501', message: text, detail: name, hint: text }),
          encodeBackend.noticeResponse({ severity: 'NOTICE', code: '01000', message: text }),
          encodeBackend.commandComplete('SELECT 3'),
          encodeBackend.emptyQuery(),
        ]),
        (message) => found.push(message),
      );
      expect(found).toMatchObject([
        { name: 'authenticationSASL', mechanisms: ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'] },
        { name: 'authenticationSASLContinue', data: text },
        { name: 'authenticationSASLFinal', data: text },
        { name: 'authenticationOk' },
        { name: 'parameterStatus', parameterName: name, parameterValue: text },
        { name: 'backendKeyData', processID: id, secretKey: 0x102 },
        { name: 'readyForQuery', status: 'T' },
        { severity: 'ERROR', code: '42501', message: text, detail: name, hint: text },
        { name: 'notice', severity: 'NOTICE', code: '01000', message: text },
        { name: 'commandComplete', text: 'SELECT 3' },
        { name: 'emptyQuery' },
      ]);
    }),
    runs,
  );
});
