import { expect, test } from 'vitest';
import { startTerminal } from '../kit/pty.ts';

const times = 20;

test('what is typed at once after a question for a secret is never shown', async () => {
  const program = `
    import { ask } from ${JSON.stringify(new URL('../../src/client/prompt.ts', import.meta.url).href)};
    for (let at = 1; at <= ${String(times)}; at += 1) await ask('Secret ' + at + ': ', true);
  `;
  const terminal = startTerminal(process.execPath, ['--input-type=module', '-e', program], {
    columns: 80,
    rows: 24,
    env: process.env,
  });
  for (let at = 1; at <= times; at += 1) {
    await terminal.shows(`Secret ${String(at)}: `);
    terminal.type('hidden\r');
  }
  expect((await terminal.exited).code).toBe(0);
  expect(terminal.output()).not.toContain('hidden');
});
