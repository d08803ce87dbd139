import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { LiveSession } from '../../../../src/application/admission/door.ts';
import type { StatementParser } from '../../../../src/application/ports/statement-parser.ts';
import { openStatementParser } from '../../../../src/adapters/postgres-parser/parser.ts';
import { ProtocolError, SallyportError } from '../../../../src/domain/kernel/errors.ts';
import { defaultChannels } from '../../../../src/domain/policy/channels.ts';
import { openRules } from '../../../../src/proxies/postgres/codec/frontend-rules.ts';
import { MessageStream } from '../../../../src/proxies/postgres/codec/framing.ts';
import { MessageMemory } from '../../../../src/proxies/postgres/message-memory.ts';
import { AnswerSink, answerRules } from '../../../../src/proxies/postgres/statements/answer-sink.ts';
import { Answers } from '../../../../src/proxies/postgres/statements/answers.ts';
import { Gate } from '../../../../src/proxies/postgres/statements/gate.ts';
import { Journal } from '../../../../src/proxies/postgres/statements/journal.ts';
import { Judge } from '../../../../src/proxies/postgres/statements/judge.ts';
import { Names } from '../../../../src/proxies/postgres/statements/names.ts';
import type { Portal, Statement } from '../../../../src/proxies/postgres/statements/statement.ts';
import { count } from '../../../kit/counts.ts';
import { backendPair, frontendPair, mutated } from '../codec/arbitrary.ts';
import { int8, int16, int32, raw, text, typed } from '../codec/bytes.ts';
import { cut } from '../codec/streams.ts';

let parser: StatementParser;

beforeAll(async () => {
  parser = await openStatementParser();
});

const names = fc.constantFrom('', 'a', 'b');
const sql = fc.constantFrom(
  'select 1',
  'select 1; select 2',
  '',
  'drop table t',
  'select 1; drop table t',
  'prepare a as select 1',
  'execute a',
  'deallocate all',
  'copy t from stdin',
  "select 'half",
  "set client_encoding = 'SJIS'",
);
const fromClient = fc.oneof(
  sql.map((some) => typed('Q', text(some))),
  fc.tuple(names, sql).map(([name, some]) => typed('P', text(name), text(some), int16(0))),
  fc.tuple(names, names).map(([portal, name]) => typed('B', text(portal), text(name), int16(0), int16(0), int16(0))),
  names.map((portal) => typed('E', text(portal), int32(0))),
  fc.constant(typed('S')),
  // What drivers send in one go.
  sql.map((some) =>
    Buffer.concat([
      typed('P', text(''), text(some), int16(0)),
      typed('B', text(''), text(''), int16(0), int16(0), int16(0)),
      typed('E', text(''), int32(0)),
    ]),
  ),
  frontendPair.map(([bytes]) => bytes),
  mutated(frontendPair.map(([bytes]) => bytes)),
);
const fromTarget = fc.oneof(
  fc.constantFrom(...'12Ins3'.split('')).map((type) => typed(type)),
  fc.constantFrom('SELECT 1', 'DROP TABLE', 'COPY 3').map((tag) => typed('C', text(tag))),
  fc.constantFrom('I', 'T', 'E').map((status) => typed('Z', raw(status))),
  fc.constant(typed('E', raw('C'), text('42601'), int8(0))),
  fc.constant(typed('D', int16(0))),
  fc.constant(typed('G', int8(0), int16(0))),
  backendPair.map(([bytes]) => bytes),
  mutated(backendPair.map(([bytes]) => bytes)),
);
const conversation = fc.array(
  fc.oneof(
    fromClient.map((bytes) => ['client', bytes] as const),
    fromTarget.map((bytes) => ['target', bytes] as const),
  ),
  { maxLength: 25 },
);

/** Says what was said by both until one of them can't be read; then the session is over. */
async function talk(said: readonly (readonly ['client' | 'target', Buffer])[], lengths: readonly number[]) {
  const begun: number[] = [];
  const ended: number[] = [];
  let refused = 0;
  const session = {
    statementsNoted: async ({ type }: { readonly type: string }) => {
      if (type === 'StatementRefused') refused += 1;
    },
  } as unknown as LiveSession;
  const write = (_kind: string, _channel: number, data: unknown): undefined => {
    const { n, verdict } = JSON.parse(String(data)) as { readonly n?: number; readonly verdict?: string };
    if (n !== undefined && verdict !== 'denied') begun.push(n);
  };
  const rules = { ...defaultChannels.postgres, deny: ['drop'] as const, maxRows: 3 };
  const memory = new MessageMemory();
  const judge = new Judge(rules, parser);
  const journal = new Journal(session, { next: 0, write }, () => undefined);
  const answers = new Answers({
    finished: (statement: Statement) => ended.push(statement.number),
    notPrepared: () => undefined,
  });
  const portals = new Names<Portal>(memory);
  const gate = new Gate({ judge, journal, answers, prepared: new Names(memory), portals });
  const sink = new AnswerSink({ answers, judge, portals, rules, stop: () => undefined });
  const toTarget: Buffer[] = [];
  const later: Promise<unknown>[] = [];
  const client = new MessageStream(openRules, {
    message: (message) => {
      const passed = gate.pass(message);
      if (passed instanceof Uint8Array) return passed;
      later.push(passed.then((bytes) => toTarget.push(bytes)));
      return null;
    },
    passing: (_type, size) => {
      sink.took(size);
      return true;
    },
    room: () => undefined,
    forward: (bytes) => toTarget.push(bytes),
  });
  const target = new MessageStream(answerRules, {
    message: (message) => sink.message(message),
    passing: (type, size) => sink.passing(type, size),
    room: () => undefined,
    forward: () => undefined,
  });
  let error: unknown = null;
  try {
    for (const [who, bytes] of said)
      for (const piece of cut(bytes, lengths)) (who === 'client' ? client : target).push(piece);
  } catch (thrown) {
    error = thrown;
  }
  await Promise.all(later);
  for (const { number } of answers.abandoned()) ended.push(number);
  await journal.flush();
  return { begun, ended, refused, error, toTarget: Buffer.concat(toTarget) };
}

/** What a database would take for texts to run; the same words within COPY data are data. */
function textsIn(bytes: Buffer): string {
  const texts: string[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    if ('QP'.includes(bytes.toString('latin1', at, at + 1))) texts.push(bytes.toString('latin1', at, end));
    at = end;
  }
  return texts.join();
}

test('whatever both sides say, what is refused never passes, and each statement ends once', async () => {
  let denials = 0;
  let clean = 0;
  await fc.assert(
    fc.asyncProperty(
      conversation,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      async (said, lengths) => {
        const { begun, ended, refused, error, toTarget } = await talk(said, lengths);
        const isOfThePeer =
          error === null ||
          error instanceof ProtocolError ||
          (error instanceof SallyportError && error.code === 'out-of-place');
        expect(isOfThePeer, error instanceof Error ? error.stack : '').toBe(true);
        expect(textsIn(toTarget)).not.toContain('drop table');
        expect(ended.toSorted((a, b) => a - b)).toEqual(begun);
        denials += refused;
        if (error === null) clean += 1;
      },
    ),
    { numRuns: count(1_000, 40_000) },
  );
  // Both happened, or the words are no test.
  expect(Math.min(denials, clean)).toBeGreaterThan(20);
});
