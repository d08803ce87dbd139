import { expect, test } from 'vitest';
import { Answers, type Expected } from '../../../../src/proxies/postgres/statements/answers.ts';
import { type Change, noChange } from '../../../../src/proxies/postgres/statements/names.ts';
import type { JudgedText, Statement } from '../../../../src/proxies/postgres/statements/statement.ts';

const text: JudgedText = { shown: 'x', kind: 'select', fingerprint: 'f', verdict: 'allowed', why: null, names: [] };

function statement(number: number): Statement {
  const counted = { given: { rows: 0, bytes: 0 }, rows: 0, bytes: 0, rowsBefore: 0, completed: 0 };
  return { number, kind: 'select', fingerprint: 'f', verdict: 'allowed', place: null, begunAt: 0, ...counted };
}

function watched(): {
  answers: Answers;
  ended: string[];
  undone: string[];
  stood: string[];
  bind(name: string): Expected;
  run(n: number): Expected;
} {
  const ended: string[] = [];
  const undone: string[] = [];
  const stood: string[] = [];
  const change = (name: string): Change => ({ stands: () => stood.push(name), undo: () => undone.push(name) });
  const answers = new Answers({
    finished: ({ number }, outcome, sqlstate) => ended.push(`${String(number)} ${outcome} ${sqlstate ?? ''}`.trim()),
    notPrepared: (_text, sqlstate) => ended.push(`not prepared ${sqlstate}`),
  });
  return {
    answers,
    ended,
    undone,
    stood,
    bind: (name) => ({ op: 'bind', text, change: change(name) }),
    run: (n) => ({ op: 'execute', statement: statement(n), change: change(String(n)) }),
  };
}

test('after an error, what was sent and what is still sent up to Sync is skipped, and taken back when that comes', () => {
  const { answers, ended, undone, stood, bind, run } = watched();
  for (const each of [bind('a'), run(1), bind('b'), run(2)]) answers.expect(each);
  answers.confirmed('bind');
  answers.failed('22012');
  // The client has not heard of it yet.
  for (const each of [
    bind('c'),
    run(3),
    { op: 'query', statement: statement(4), refusal: null, change: noChange } as const,
  ]) {
    answers.expect(each);
  }
  expect(undone).toEqual([]);
  answers.expect({ op: 'sync' });
  expect(undone).toEqual(['1', 'b', '2', 'c', '3']);
  answers.ready();
  expect(ended).toEqual(['1 failed 22012', '2 skipped', '3 skipped', '4 skipped']);
  expect(stood).toEqual(['a']);
  answers.expect({ op: 'parse', text, refusal: null, change: noChange });
  answers.confirmed('parse');
});

test('what fails before it is run, at its values or its name, is an error of its text', () => {
  const { answers, ended, bind, run } = watched();
  for (const each of [bind('a'), { op: 'describe', text }, run(1), { op: 'sync' }] as const) answers.expect(each);
  answers.failed('22P02');
  answers.ready();
  for (const each of [{ op: 'describe', text }, { op: 'sync' }] as const) answers.expect(each);
  answers.failed('26000');
  answers.ready();
  expect(ended).toEqual(['not prepared 22P02', '1 skipped', 'not prepared 26000']);
});

test('while COPY takes data no Sync is heard, before or after the client knows of it, until the data has ended', () => {
  const { answers, ended, run } = watched();
  answers.expect(run(1));
  answers.expect({ op: 'sync' });
  answers.takesData();
  answers.expect({ op: 'sync' });
  answers.expect({ op: 'copy-end' });
  answers.expect({ op: 'sync' });
  answers.completed(7);
  answers.ready();
  expect(ended).toEqual(['1 done']);
  expect(answers.outstanding).toBe(0);
});

test('COPY data that was sent without waiting counts the same', () => {
  const { answers, ended, run } = watched();
  for (const each of [run(1), { op: 'copy-end' }, { op: 'sync' }, run(2), { op: 'sync' }] as const)
    answers.expect(each);
  answers.takesData();
  answers.completed(1);
  answers.ready();
  answers.completed(1);
  answers.ready();
  expect(ended).toEqual(['1 done', '2 done']);
});

test('an error that names no SQLSTATE is an internal one, and nothing that a target says instead is kept', () => {
  const { answers, ended, run } = watched();
  for (const said of ['', '4260', '42601 ', "select 'geheim'", 'x'.repeat(60_000)]) {
    answers.expect(run(1));
    answers.expect({ op: 'sync' });
    answers.failed(said);
    answers.ready();
  }
  expect(new Set(ended)).toEqual(new Set(['1 failed XX000']));
});

test('whatever else comes while COPY takes data, before or behind, makes answers that can not be told apart', () => {
  const { answers, run } = watched();
  for (const each of [run(1), run(2), { op: 'sync' }] as const) answers.expect(each);
  expect(() => answers.takesData()).toThrow('while COPY takes its data');
  const query = { op: 'query', statement: statement(1), refusal: null, change: noChange } as const;
  const one = watched();
  for (const each of [query, { op: 'sync' }] as const) one.answers.expect(each);
  one.answers.takesData();
  expect(one.answers.isCopying).toBe(true);
  one.answers.completed(1);
  expect(one.answers.isCopying).toBe(false);
  one.answers.ready();
  expect(one.answers.outstanding).toBe(0);
});

test('a text may take data several times, and each end of it counts once', () => {
  const { answers, ended } = watched();
  const query = (n: number): Expected => ({ op: 'query', statement: statement(n), refusal: null, change: noChange });
  const end = { op: 'copy-end' } as const;
  for (const each of [end, query(1), end, end, end, query(2), end, query(3)]) answers.expect({ ...each });
  for (const times of [2, 1]) {
    for (let time = 0; time < times; time += 1) {
      answers.takesData();
      expect(answers.isCopying).toBe(false);
      answers.completed(1);
    }
    answers.ready();
  }
  answers.failed('22012');
  answers.ready();
  expect(ended).toEqual(['1 done', '2 done', '3 failed 22012']);
});

test('an answer that nobody asked for is an error', () => {
  const { answers, bind } = watched();
  expect(() => answers.ready()).toThrow('nobody asked');
  answers.expect(bind('a'));
  expect(() => answers.confirmed('parse')).toThrow('nobody asked');
  expect(() => answers.completed(1)).toThrow('nobody asked');
});

test('what has no answer yet at the end is given out once', () => {
  const { answers, run } = watched();
  answers.expect(run(1));
  answers.expect({ op: 'sync' });
  expect([...answers.abandoned()].map(({ number }) => number)).toEqual([1]);
  expect(answers.outstanding).toBe(0);
});
