import { expect, test } from 'vitest';
import { answerChallenge } from '../../src/client/challenge-prompts.ts';
import { runProcess } from '../kit/process.ts';

test('what a server says drives no terminal, in notes, lines and single results', async () => {
  const program = `
    import { Context } from ${JSON.stringify(new URL('../../src/client/context.ts', import.meta.url).href)};
    const options = { server: undefined, ca: undefined, data: undefined, format: 'table' };
    const context = new Context(options, {}, String);
    const evil = 'until \\u001b]0;title\\u0007\\u009b5n';
    context.note(evil);
    context.line(evil);
    context.one({ evil }, [evil]);
    context.note('two\\nlines');
  `;
  const { stdout, stderr } = await runProcess(process.execPath, ['--input-type=module', '-e', program]);
  const shown = 'until \\u{1b}]0;title\\u{7}\\u{9b}5n\n';
  expect(stdout).toBe(shown + shown);
  expect(stderr).toBe(`${shown}two\nlines\n`);
});

test.each([['OATH'], ['RC'], ['OATH', 'RC']])(
  'without a terminal a code (%s %s) is not asked, nor a password named instead',
  async (...names) => {
    const mechanisms = names.map((name) => ({ id: name, name }));
    await expect(answerChallenge(mechanisms, 'password')).rejects.toMatchObject({
      details: [expect.stringContaining('no setting gives a code')],
    });
  },
);
