import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineQuestions } from '../../../../src/proxies/ssh/menu/line-questions.ts';
import { count } from '../../../kit/counts.ts';

const question = {
  name: 'web-1',
  instruction: 'two steps',
  prompts: [
    { text: 'Code: ', echo: false },
    { text: 'Reason:', echo: true },
  ],
};

function asked() {
  const pieces: string[] = [];
  const questions = new LineQuestions((text) => void pieces.push(text));
  return { questions, answers: questions.ask(question), pieces, shown: () => pieces.join('') };
}

test('one line for each prompt, hidden or shown as the target wants; what comes after is not taken', async () => {
  const { questions, answers, shown } = asked();
  const typed = Buffer.from('12\u007f3\rwhy é\rrest');
  expect(questions.type(typed)).toBe(typed.length - 4);
  expect(await answers).toEqual(['13', 'why é']);
  expect(shown()).toBe('web-1 says: two steps\r\nweb-1 asks: Code: \r\nweb-1 asks: Reason: why é\r\n');
  expect(questions.asking).toBe(false);
});

test.each([
  ['Ctrl-C', '1\u0003'],
  ['Ctrl-D', '\u0004'],
  ['what looks like a token', 'spt_0123456789ab\rx\r'],
])('%s is no answer', async (_what, typed) => {
  const { questions, answers } = asked();
  questions.type(Buffer.from(typed));
  expect(await answers).toBeNull();
});

test('a second question, or the end, leaves the first without an answer', async () => {
  const { questions, answers } = asked();
  const second = questions.ask(question);
  expect(await answers).toBeNull();
  questions.cancel();
  expect(await second).toBeNull();
});

test('what is typed hidden shows nothing at all, and what is typed in one piece shows one piece', () => {
  const { questions, pieces } = asked();
  questions.type(Buffer.alloc(1000, 'x'));
  expect(pieces).toHaveLength(1);
  questions.type(Buffer.from('\rwhy é'));
  expect(pieces.slice(1)).toEqual(['\r\nweb-1 asks: Reason: why é']);
});

test('any bytes: no error, answers are bounded, and nothing typed drives the terminal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }), async (pieces) => {
      const { questions, answers, shown } = asked();
      for (const piece of pieces) expect(questions.type(piece)).toBeLessThanOrEqual(piece.length);
      questions.cancel();
      for (const answer of (await answers) ?? []) expect(answer.length).toBeLessThanOrEqual(1024);
      expect(shown().replaceAll(/\r\n|[\b] [\b]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
    { numRuns: count(300, 10_000) },
  );
});
