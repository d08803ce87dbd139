import { beforeAll, expect, test } from 'vitest';
import type { LiveSession } from '../../../../src/application/admission/door.ts';
import type { StatementParser } from '../../../../src/application/ports/statement-parser.ts';
import { openStatementParser } from '../../../../src/adapters/postgres-parser/parser.ts';
import { defaultChannels } from '../../../../src/domain/policy/channels.ts';
import type { PostgresChannels } from '../../../../src/domain/policy/postgres-channels.ts';
import { MessageMemory } from '../../../../src/proxies/postgres/message-memory.ts';
import { Answers } from '../../../../src/proxies/postgres/statements/answers.ts';
import { Gate } from '../../../../src/proxies/postgres/statements/gate.ts';
import { Journal } from '../../../../src/proxies/postgres/statements/journal.ts';
import { Judge } from '../../../../src/proxies/postgres/statements/judge.ts';
import { Names } from '../../../../src/proxies/postgres/statements/names.ts';
import { int16, int32, raw, text, typed, value } from '../codec/bytes.ts';

let parser: StatementParser;

beforeAll(async () => {
  parser = await openStatementParser();
});

/** A gate whose recording and log take as long as they are let. */
function gateOf(rules: Partial<PostgresChannels>) {
  const held: { readonly what: string; readonly done: () => void; readonly fail: () => void }[] = [];
  const hold = (what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      held.push({ what, done: resolve, fail: () => reject(new Error('it can not be kept')) });
    });
  const session = { statementsNoted: ({ type }: { readonly type: string }) => hold(type) } as unknown as LiveSession;
  const records = { next: 0, write: () => hold('record') };
  const memory = new MessageMemory();
  const gate = new Gate({
    judge: new Judge({ ...defaultChannels.postgres, ...rules }, parser),
    journal: new Journal(session, records, () => undefined),
    answers: new Answers({ finished: () => undefined, notPrepared: () => undefined }),
    prepared: new Names(memory),
    portals: new Names(memory),
  });
  const passed: (Buffer | 'refused to pass')[] = [];
  const pass = (message: Buffer): void => {
    const result = gate.pass(message);
    if (result instanceof Uint8Array) passed.push(result);
    else {
      result.then(
        (bytes) => passed.push(bytes),
        () => passed.push('refused to pass'),
      );
    }
  };
  return { pass, passed, held };
}

/** All that waits only for promises has happened. */
const settled = async (): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
};

const insert = 'insert into t values ($1)';
const bind = typed('B', text(''), text(''), int16(0), int16(1), value('x'), int16(0));
const execute = typed('E', text(''), int32(0));

test.each([
  ['a query', [typed('Q', text('select 1'))], 1],
  ['a Parse', [typed('P', text(''), text(insert), int16(0))], 1],
  ['a function call', [typed('F', int32(1), int16(0), int16(0), int16(0))], 1],
])('%s is passed on once it is in the recording', async (_what, messages, records) => {
  const { pass, passed, held } = gateOf({});
  for (const message of messages) pass(message);
  await settled();
  expect(passed).toEqual([]);
  expect(held.map(({ what }) => what)).toEqual(Array.from({ length: records }, () => 'record'));
  for (const { done } of held) done();
  await settled();
  expect(passed).toEqual(messages);
});

test('an Execute too, its Bind goes before', async () => {
  const { pass, passed, held } = gateOf({});
  pass(bind);
  pass(execute);
  await settled();
  expect(passed).toEqual([bind]);
  expect(held).toHaveLength(1);
  held[0]?.done();
  await settled();
  expect(passed).toEqual([bind, execute]);
});

test.each([
  ['a query', typed('Q', text('drop table t'))],
  ['a Parse', typed('P', text('p'), text('drop table t'), int16(0))],
])(
  '%s that is refused is in the recording and in the log before the database is told to fail at it',
  async (_what, message) => {
    const { pass, passed, held } = gateOf({ deny: ['drop'] });
    pass(message);
    await settled();
    expect(held.map(({ what }) => what)).toEqual(['record']);
    held[0]?.done();
    await settled();
    expect(held.map(({ what }) => what)).toEqual(['record', 'StatementRefused']);
    expect(passed).toEqual([]);
    held[1]?.done();
    await settled();
    expect(passed).toHaveLength(1);
    expect(passed[0]?.includes('drop table t')).toBe(false);
  },
);

test.each([[0], [1]])('what can not be recorded or logged is not passed on: %s', async (which) => {
  const { pass, passed, held } = gateOf({ deny: ['drop'] });
  pass(typed('Q', text('drop table t')));
  await settled();
  if (which === 1) held[0]?.done();
  await settled();
  held.at(-1)?.fail();
  await settled();
  expect(passed).toEqual(['refused to pass']);
});

test.each([
  ['an answer to SASL', typed('p', raw('x'))],
  ['a message that is cut', typed('Q', raw('select 1'))],
  ['a Bind with too little', typed('B', text(''), text(''), int16(0), int16(2), value('x'))],
])('%s throws, and nothing is passed on', (_what, message) => {
  const { pass, passed, held } = gateOf({});
  expect(() => {
    pass(message);
  }).toThrow();
  expect([passed, held]).toEqual([[], []]);
});
