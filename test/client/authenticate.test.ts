import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { authenticate } from '../../src/client/authenticate.ts';
import { runProcess } from '../kit/process.ts';
import { startTerminal } from '../kit/pty.ts';
import { type Scripted, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
beforeEach(() => {
  server.asked.length = 0;
});
afterAll(async () => server.stop());

const bin = new URL('../../bin/sallyport.mjs', import.meta.url).pathname;
const evil = 'until \u001b]0;title\u0007\u009b5n';
const shown = String.raw`until \u{1b}]0;title\u{7}\u{9b}5n`;
const start: Scripted = [200, { authenticationId: 'a', challenges: [{ mechanisms: [{ id: 'm', name: 'UP' }] }] }];
const success: Scripted = [
  200,
  { status: 'success', user: { name: 'ann' }, expiresAt: '2026-01-02T03:04:05.678Z', bearer: 'spl_x' },
];
const failed = (message: string, mustChange: boolean): Scripted => [401, { errors: [{ message }], mustChange }];
const wish = { user: 'ann', provider: null, password: 'x' };
const two = [200, { providers: ['corp', 'campus'].map((name) => ({ name, manner: 'password' })) }] as const;

test.each<[string, Scripted, readonly unknown[]]>([
  ['can be had', two, [expect.stringContaining('--provider corp or --provider campus')]],
  ['are cut off', 'cut', []],
  ['are cut off in the middle', 'half', []],
  ['are no answer of ours', [503, { errors: [{ message: 'busy' }] }], []],
])('why a login failed is said, when the hints %s', async (_what, providers, details) => {
  server.answers = {
    '/auth/start': [start],
    '/auth/advance': [failed('that was wrong', false)],
    '/auth/providers': [providers],
  };
  const refused = authenticate(server.installation, wish);
  await expect(refused).rejects.toMatchObject({ name: 'Refused', message: 'that was wrong', details });
});

test('who must change the password is told that alone', async () => {
  server.answers = { '/auth/start': [start], '/auth/advance': [failed('change it', true)], '/auth/providers': [two] };
  const refused = authenticate(server.installation, wish);
  await expect(refused).rejects.toMatchObject({ message: 'change it', details: [expect.stringContaining('terminal')] });
  expect(server.asked).toEqual(['/auth/start', '/auth/advance']);
});

test('why a new password was not taken drives no terminal, and is said of that password alone', async () => {
  server.answers = {
    '/auth/start': [start],
    '/auth/advance': [failed('change it', true)],
    '/auth/change-password': [[422, { errors: [{ message: evil }] }]],
  };
  const args = [bin, 'login', '--user', 'ann', ...server.options];
  const env = { PATH: process.env.PATH ?? '', HOME: server.home };
  const terminal = startTerminal(process.execPath, args, { columns: 160, rows: 24, env });
  await terminal.shows('Password: ');
  terminal.type('old\r');
  for (const [first, second, problem] of [
    ['one', 'one', shown],
    ['one', 'two', 'the two were not the same'],
    ['one', 'one', shown],
  ] as const) {
    const from = terminal.output().length;
    await terminal.shows(/New password: $/);
    terminal.type(`${first}\r`);
    await terminal.shows(/New password again: $/);
    terminal.type(`${second}\r`);
    await terminal.shows(`That was not taken: ${problem}.`, from);
  }
  expect(await terminal.exited).toMatchObject({ code: 1 });
  expect(terminal.output()).toContain('the password was not changed');
  expect(terminal.output()).not.toMatch(/\u001b\]|\u009b/);
});

test('the label of a factor is the same value in JSON, and visible text in a table', async () => {
  const factor = { factorId: 'f', kind: 'totp', label: evil, enrolledAt: 'then', lastUsedAt: null, left: null };
  server.answers = {
    '/auth/start': [start],
    '/auth/advance': [success],
    '/auth/factors': [[200, { factors: [factor] }]],
    '/auth/logout': [[200, {}]],
  };
  const env = { PATH: process.env.PATH ?? '', HOME: server.home, SALLYPORT_USER: 'ann', SALLYPORT_PASSWORD: 'x' };
  const list = (format: string) =>
    runProcess(process.execPath, [bin, 'factor', 'list', '--format', format, ...server.options], { env });
  const json = await list('json');
  expect(JSON.parse(json.stdout)).toMatchObject([{ id: 'f', label: evil }]);
  for (const { stdout } of [json, await list('table')]) expect(stdout).not.toMatch(/[\u001b\u0007\u009b]/);
});
