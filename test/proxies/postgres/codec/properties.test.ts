import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtocolError } from '../../../../src/domain/kernel/errors.ts';
import { decodeBackend } from '../../../../src/proxies/postgres/codec/backend-decode.ts';
import { decodeFrontend } from '../../../../src/proxies/postgres/codec/frontend.ts';
import { decodeSaslInitialResponse } from '../../../../src/proxies/postgres/codec/sasl.ts';
import { encodeFirstPacket, readFirstPacket } from '../../../../src/proxies/postgres/codec/startup.ts';
import { count } from '../../../kit/counts.ts';
import { backendPair, frontendPair, mutated, startupPair } from './arbitrary.ts';
import { int32, raw, text, untyped, value } from './bytes.ts';
import { memoryOf } from './streams.ts';

test('what a client says is read as it was written', () => {
  fc.assert(
    fc.property(frontendPair, ([bytes, said]) => {
      expect(decodeFrontend(bytes)).toEqual(said);
    }),
    { numRuns: count(500, 50_000) },
  );
});

test('what a target says is read as it was written', () => {
  fc.assert(
    fc.property(backendPair, ([bytes, said]) => {
      expect(decodeBackend(bytes)).toEqual(said);
    }),
    { numRuns: count(500, 50_000) },
  );
});

test('startup parameters are read as they were written', () => {
  fc.assert(
    fc.property(startupPair, (parameters) => {
      expect(readFirstPacket(encodeFirstPacket.startup(parameters))?.packet).toEqual({
        type: 'startup',
        major: 3,
        minor: 0,
        parameters,
      });
    }),
    { numRuns: count(200, 20_000) },
  );
});

const anyBytes = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes));
/** A right header, and then anything. */
const framed = (types: string): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...types.split('')), anyBytes)
    .map(([type, body]) => Buffer.concat([raw(type), int32(body.length + 4), body]));
/** The length mended after the bytes were changed, so that the decoder sees more than a wrong length. */
const mended = (messages: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  messages.map((bytes) => {
    if (bytes.length >= 5) bytes.writeInt32BE(bytes.length - 1, 1);
    return bytes;
  });

const client = frontendPair.map(([bytes]) => bytes);
const server = backendPair.map(([bytes]) => bytes);
const first = startupPair.map((parameters) => encodeFirstPacket.startup(parameters));
const cancel = anyBytes.map((secret) => untyped(int32(80877102), int32(1), secret));
const initial = anyBytes.map((data) => Buffer.concat([text('SCRAM-SHA-256'), value(data.toString('latin1'))]));
const clientBytes = fc.oneof(anyBytes, framed('QPBDECSHFdcfXp'), mutated(client), mended(mutated(client)));
const serverBytes = fc.oneof(anyBytes, framed('RSKZCENtTDI123nsVAGHWdcv'), mutated(server), mended(mutated(server)));

test.each<[string, fc.Arbitrary<Buffer>, (bytes: Buffer) => unknown]>([
  ['a client', clientBytes, decodeFrontend],
  ['a target', serverBytes, decodeBackend],
  ['a first packet', fc.oneof(anyBytes, mutated(first), mutated(cancel)), readFirstPacket],
  ['SASL', fc.oneof(anyBytes, mutated(initial)), decodeSaslInitialResponse],
])('any bytes of %s are read or are a ProtocolError, and take little memory', (_name, bytes, decode) => {
  let read = 0;
  let refused = 0;
  fc.assert(
    fc.property(bytes, (some) => {
      const taken = memoryOf(() => {
        try {
          const decoded = decode(some);
          read += 1;
          return decoded ?? null;
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          expect((error as ProtocolError).offset).toBeLessThanOrEqual(some.length);
          refused += 1;
          return error;
        }
      });
      expect(taken).toBeLessThan(64 * 1024);
    }),
    { numRuns: count(3000, 300_000) },
  );
  // Both ways are gone, or the bytes are no test.
  expect(Math.min(read, refused)).toBeGreaterThan(100);
});
