import fc from 'fast-check';
import type { BackendMessage } from '../../../../src/proxies/postgres/codec/backend.ts';
import type { FrontendMessage } from '../../../../src/proxies/postgres/codec/frontend.ts';
import { type Field, int8, int16, int32, list, raw, text, typed } from './bytes.ts';

/** A message as the format chapter writes it, and what it says. */
export type Pair<T> = readonly [bytes: Buffer, decoded: T];

const bytes = fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some));
const withoutNul = bytes.map((some) => Buffer.from(some.filter((one) => one !== 0)));
const word = fc.string({ maxLength: 20, unit: 'binary' }).filter((some) => !some.includes('\0'));
const oid = fc.integer({ min: 0, max: 0xffff_ffff });
const number = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const format = fc.constantFrom(0, 1);
const formats = fc.array(format, { maxLength: 5 });
const values = fc.array(fc.option(bytes), { maxLength: 6 });

const end = int8(0);
const cString = (some: Buffer): Field => Buffer.concat([some, end]);
const value = (some: Buffer | null): Field => (some === null ? int32(-1) : Buffer.concat([int32(some.length), some]));
const int16s = (some: readonly number[]): Field => list(...some.map(int16));
const latin1 = (some: Buffer): string => some.toString('latin1');

const statementOrPortal = fc.constantFrom(['S', 'statement'] as const, ['P', 'portal'] as const);

export const frontendPair: fc.Arbitrary<Pair<FrontendMessage>> = fc.oneof(
  withoutNul.map((sql): Pair<FrontendMessage> => [typed('Q', cString(sql)), { type: 'query', text: sql }]),
  fc
    .tuple(withoutNul, withoutNul, fc.array(oid, { maxLength: 5 }))
    .map(
      ([name, sql, types]): Pair<FrontendMessage> => [
        typed('P', cString(name), cString(sql), list(...types.map(int32))),
        { type: 'parse', statement: latin1(name), text: sql, parameterTypes: types },
      ],
    ),
  fc.tuple(withoutNul, withoutNul, formats, values, formats).map(
    ([portal, statement, inputs, parameters, results]): Pair<FrontendMessage> => [
      typed('B', cString(portal), cString(statement), int16s(inputs), list(...parameters.map(value)), int16s(results)),
      {
        type: 'bind',
        portal: latin1(portal),
        statement: latin1(statement),
        formats: inputs,
        parameters,
        resultFormats: results,
      },
    ],
  ),
  fc
    .tuple(statementOrPortal, withoutNul, fc.boolean())
    .map(
      ([[letter, what], name, close]): Pair<FrontendMessage> => [
        typed(close ? 'C' : 'D', raw(letter), cString(name)),
        { type: close ? 'close' : 'describe', what, name: latin1(name) },
      ],
    ),
  fc
    .tuple(withoutNul, number)
    .map(
      ([portal, maxRows]): Pair<FrontendMessage> => [
        typed('E', cString(portal), int32(maxRows)),
        { type: 'execute', portal: latin1(portal), maxRows },
      ],
    ),
  fc
    .tuple(oid, formats, values, format)
    .map(
      ([functionId, inputs, parameters, resultFormat]): Pair<FrontendMessage> => [
        typed('F', int32(functionId), int16s(inputs), list(...parameters.map(value)), int16(resultFormat)),
        { type: 'function-call', functionId, formats: inputs, parameters, resultFormat },
      ],
    ),
  bytes.map((data): Pair<FrontendMessage> => [typed('d', data), { type: 'copy-data', data }]),
  withoutNul.map((reason): Pair<FrontendMessage> => [typed('f', cString(reason)), { type: 'copy-fail', reason }]),
  fc.constantFrom<Pair<FrontendMessage>>(
    [typed('S'), { type: 'sync' }],
    [typed('H'), { type: 'flush' }],
    [typed('c'), { type: 'copy-done' }],
    [typed('X'), { type: 'terminate' }],
  ),
);

const column = fc.record({
  name: word,
  table: oid,
  attribute: fc.nat(1600),
  dataType: oid,
  size: fc.integer({ min: -2, max: 16 }),
  modifier: number,
  format,
});

export const backendPair: fc.Arbitrary<Pair<BackendMessage>> = fc.oneof(
  fc
    .array(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }), { maxLength: 3 })
    .map(
      (mechanisms): Pair<BackendMessage> => [
        typed('R', int32(10), ...mechanisms.map(text), end),
        { type: 'authentication-sasl', mechanisms },
      ],
    ),
  bytes.map(
    (data): Pair<BackendMessage> => [typed('R', int32(11), data), { type: 'authentication-sasl-continue', data }],
  ),
  fc
    .tuple(word, word)
    .map(
      ([name, setting]): Pair<BackendMessage> => [
        typed('S', text(name), text(setting)),
        { type: 'parameter-status', name, value: setting },
      ],
    ),
  fc
    .tuple(number, fc.uint8Array({ minLength: 4, maxLength: 256 }))
    .map(
      ([processId, secret]): Pair<BackendMessage> => [
        typed('K', int32(processId), secret),
        { type: 'backend-key-data', processId, secret: Buffer.from(secret) },
      ],
    ),
  fc
    .constantFrom('I' as const, 'T' as const, 'E' as const)
    .map((status): Pair<BackendMessage> => [typed('Z', raw(status)), { type: 'ready-for-query', status }]),
  fc
    .tuple(fc.constantFrom('SELECT', 'INSERT 0', 'COPY'), fc.nat())
    .map(
      ([verb, rows]): Pair<BackendMessage> => [
        typed('C', text(`${verb} ${rows}`)),
        { type: 'command-complete', tag: `${verb} ${rows}`, rows },
      ],
    ),
  fc.tuple(fc.uniqueArray(fc.constantFrom('S', 'V', 'C', 'M', 'D', 'H', 'P', 'W')), word, fc.boolean()).map(
    ([letters, said, isError]): Pair<BackendMessage> => [
      typed(isError ? 'E' : 'N', ...letters.map((letter) => text(letter + said)), end),
      {
        type: isError ? 'error-response' : 'notice-response',
        fields: new Map(letters.map((letter) => [letter, said])),
      },
    ],
  ),
  fc
    .array(oid, { maxLength: 5 })
    .map(
      (dataTypes): Pair<BackendMessage> => [
        typed('t', list(...dataTypes.map(int32))),
        { type: 'parameter-description', dataTypes },
      ],
    ),
  fc
    .array(column, { maxLength: 4 })
    .map(
      (columns): Pair<BackendMessage> => [
        typed(
          'T',
          list(
            ...columns.map((one) =>
              Buffer.concat([
                text(one.name),
                int32(one.table),
                int16(one.attribute),
                int32(one.dataType),
                int16(one.size),
                int32(one.modifier),
                int16(one.format),
              ]),
            ),
          ),
        ),
        { type: 'row-description', columns },
      ],
    ),
  fc
    .tuple(fc.constantFrom(['G', 'copy-in'] as const, ['H', 'copy-out'] as const), fc.boolean(), formats)
    .map(
      ([[letter, type], binary, columns]): Pair<BackendMessage> => [
        typed(letter, int8(binary ? 1 : 0), int16s(columns)),
        { type, binary, formats: columns },
      ],
    ),
  fc
    .tuple(fc.nat(9), fc.array(word, { maxLength: 3 }))
    .map(
      ([minor, unknown]): Pair<BackendMessage> => [
        typed('v', int32(0x3_0000 + minor), int32(unknown.length), ...unknown.map(text)),
        { type: 'negotiate-protocol-version', minor, unknown },
      ],
    ),
  fc.uint8Array({ maxLength: 3000 }).map((row): Pair<BackendMessage> => {
    const body = Buffer.from(row);
    return [typed('D', body), { type: 'data-row', body }];
  }),
  fc.constantFrom<Pair<BackendMessage>>(
    [typed('I'), { type: 'empty-query' }],
    [typed('1'), { type: 'parse-complete' }],
    [typed('2'), { type: 'bind-complete' }],
    [typed('3'), { type: 'close-complete' }],
    [typed('n'), { type: 'no-data' }],
    [typed('s'), { type: 'portal-suspended' }],
    [typed('c'), { type: 'copy-done' }],
  ),
);

/** A first packet with parameters that are all different. */
export const startupPair = fc.uniqueArray(
  fc.tuple(
    word.filter((some) => some !== ''),
    word,
  ),
  {
    maxLength: 6,
    selector: ([name]) => name,
  },
);

/** Bytes that were a message until some of them were changed, cut off or added. */
export function mutated(messages: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 }));
  return fc
    .tuple(messages, fc.array(change, { maxLength: 4 }), fc.option(fc.nat(80)), bytes)
    .map(([whole, changes, length, more]) => {
      const copy = Buffer.from(whole);
      for (const [at, one] of changes) copy[at % copy.length] = one;
      return length === null ? copy : Buffer.concat([copy.subarray(0, length), more]);
    });
}
