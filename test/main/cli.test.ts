import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { main } from '../../src/main/cli.ts';
import { verbs } from '../../src/main/verbs.ts';
import { runProcess } from '../kit/process.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** The command line with these words in this process, in an empty data folder and a bare environment. */
async function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const folder = tempDir();
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    }),
  );
  try {
    const code = await main(words, { HOME: folder, SALLYPORT_DATA: folder, ...environment });
    return { code, ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('the exit code and both outputs are those of the process', async () => {
  const cli = join(import.meta.dirname, '../../src/main/cli.ts');
  const wrong = await runProcess(process.execPath, [cli, 'logn'], { cwd: tempDir() });
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('did you mean login?') });
  const help = await runProcess(process.execPath, [cli, 'login', '-h'], { cwd: tempDir() });
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('usage: sallyport login'), stderr: '' });
});

describe('usage errors end with 2, say so on standard error and print nothing else', () => {
  test.each([
    ['nothing at all', [], 'usage: sallyport <command>'],
    ['an unknown command', ['frobnicate'], 'unknown command: frobnicate (sallyport --help lists all)'],
    ['a mistyped command', ['logn'], 'unknown command: logn; did you mean login?'],
    ['half a command', ['token'], 'unknown command: token; there is token create, token list, token revoke'],
    ['a wrong second word', ['token', 'make'], 'unknown command: token make; there is token create'],
    ['a verb of a later version', ['connect'], 'unknown command: connect'],
    ['control characters', ['\u001b[2J'], String.raw`unknown command: \u{1b}[2J`],
    ['an unknown option', ['token', 'list', '--frob'], "Unknown option '--frob'"],
    ['the option of another verb', ['token', 'list', '--ttl', '1h'], "Unknown option '--ttl'"],
    ['an option without its value', ['login', '--user'], '--user'],
    ['an unknown format', ['token', 'list', '--format', 'xml'], '--format xml is unknown; take table, json or yaml'],
    ['a missing argument', ['token', 'revoke'], 'ID is missing'],
    ['an argument too many', ['token', 'list', 'x'], 'x is one argument too many'],
    ['an empty argument', ['delete', 'User', ''], 'NAME is empty'],
    ['no file', ['apply'], '-f FILE is missing'],
    ['no duration', ['token', 'create', '--ttl', '1 day'], '--ttl 1 day is no duration'],
    ['an unknown protocol', ['token', 'create', '--protocol', 'foo'], '--protocol takes ssh, rdp, postgres, mysql\n'],
    ['no moment', ['audit', 'events', '--since', 'yesterday'], '--since takes a time such as 2026-01-02T03:04:05Z\n'],
    ['a moment without zone', ['audit', 'events', '--until', '2026-01-02T03:04:05'], '--until takes a time such as'],
    ['no https', ['token', 'list', '--server', 'http://localhost'], 'http://localhost is no https:// address'],
    ['an unknown role', ['start', '--role', 'proxy'], '--role proxy is unknown; this version has: all'],
    ['an unknown form', ['recordings', 'export', 'x', '--as', 'gif'], '--as gif is unknown'],
    ['a strange speed', ['sessions', 'play', 'x', '--speed', 'fast'], '--speed takes a number'],
  ])('%s', async (_, words, said) => {
    const ended = await run(words);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(said);
  });
});

describe('help', () => {
  test.each(['--help', '-h'])(
    '%s lists every command and the options that all take, on standard output',
    async (word) => {
      const { code, stdout, stderr } = await run([word]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      for (const { name } of verbs) expect(stdout).toContain(`\n  ${name} `);
      for (const option of ['--server', '--ca', '--data', '--config', '--format']) expect(stdout).toContain(option);
    },
  );

  test('of one command shows its own options, wherever it stands', async () => {
    for (const words of [
      ['token', 'create', '--help'],
      ['--help', 'token', 'create'],
    ]) {
      const { code, stdout } = await run(words);
      expect(code).toBe(0);
      expect(stdout).toContain('usage: sallyport token create');
      expect(stdout).toContain('--ttl');
    }
  });

  test('of the first word of several commands lists these', async () => {
    const { code, stdout } = await run(['factor', '--help']);
    expect(code).toBe(0);
    expect(stdout.match(/^ {2}factor [a-z-]+/gm)).toHaveLength(
      verbs.filter(({ name }) => name.startsWith('factor ')).length,
    );
    expect(stdout).not.toContain('token create');
  });
});

test('options may stand before, between and after the words of a command', async () => {
  for (const words of [
    ['--server', 'https://127.0.0.1:1', 'token', 'list'],
    ['token', '--server', 'https://127.0.0.1:1', 'list'],
    ['token', 'list', '--server=https://127.0.0.1:1'],
  ]) {
    const { code, stderr } = await run(words);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('not logged in at https://127.0.0.1:1'),
    });
  }
});

test('what fails ends with 1 and says what to do', async () => {
  const nowhere = await run(['status']);
  expect(nowhere).toMatchObject({ code: 1, stdout: '' });
  expect(nowhere.stderr).toContain('name one with --server URL or a local one with --data DIR');
  const shut = await run(['status', '--server', 'https://127.0.0.1:1'], {
    SALLYPORT_USER: 'a',
    SALLYPORT_PASSWORD: 'b',
  });
  expect(shut).toMatchObject({ code: 1, stdout: '' });
  expect(shut.stderr).toContain('is the server running?');
  const missing = await run(['apply', '-f', 'missing.yaml']);
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect(missing.stderr).toContain('cannot read missing.yaml');
});

test('start takes no setting it does not know, and needs no server for that', async () => {
  const { code, stderr } = await run(['start'], { SALLYPORT_LISTEN_WBE: 'off' });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('did you mean SALLYPORT_LISTEN_WEB?') });
  const named = await run(['start', '--config', 'missing.yaml']);
  expect(named).toMatchObject({ code: 1, stdout: '' });
  expect(named.stderr).toContain('cannot read the configuration missing.yaml');
});
