import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../kit/ports.ts';
import { launch, type Running } from '../kit/process.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { until } from '../kit/until.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The blocks of README.md that lead a new user to a replayed session: first terminal, second terminal. */
const [first = [], second = [], ...others] = [...readme.matchAll(/^```sh start\n([\s\S]*?)^```$/gm)].map(
  ([, lines = '']) => lines.trim().split('\n'),
);

const examples = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text);

interface Terminal {
  type(text: string): void;
  /** What comes after the last thing that was seen; an error with all output at the deadline. */
  sees(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>;
  readonly running: Running;
}

/** A real terminal: `script` gives the command a pseudo-terminal of its own. */
function openTerminal(command: string, env: Readonly<Record<string, string>>, cwd: string): Terminal {
  const running = launch('script', ['-qefc', command, '/dev/null'], { cwd, env, keepInput: true });
  let seen = 0;
  return {
    running,
    type: (text) => void running.child.stdin?.write(`${text}\r`),
    sees: async (pattern, deadlineMs = 30_000) => {
      const found = await until(() => pattern.exec(running.stdout().slice(seen)) ?? undefined, {
        deadlineMs,
        what: `${String(pattern)} on the terminal of ${command}`,
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${running.stdout()}`, { cause: error });
      });
      seen += found.index + found[0].length;
      return found;
    },
  };
}

const folder = makeTempDir();
const clone = join(folder.path, 'clone');
const home = join(folder.path, 'home');
const open: Terminal[] = [];
let ports: readonly [web: number, ssh: number, postgres: number, diagnostics: number];

/** A user's environment. Offline: after the install nothing may be fetched. */
const user = {
  PATH: process.env.PATH ?? '',
  HOME: home,
  SHELL: '/bin/sh',
  TERM: 'xterm',
  LANG: 'C.UTF-8',
  PAGER: 'cat',
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
};

beforeAll(async () => {
  mkdirSync(clone);
  mkdirSync(home);
  for (const name of ['package.json', 'package-lock.json', '.npmrc', 'bin', 'scripts', 'src']) {
    cpSync(join(root, name), join(clone, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  ports = [await freePort(), await freePort(), await freePort(), await freePort()];
});

afterAll(async () => {
  for (const terminal of open.reverse()) {
    terminal.running.child.stdin?.end();
    await terminal.running.stop('SIGKILL');
  }
  folder.remove();
});

it('leads a new user to a replayed session by the lines of the 60-second start alone', {
  timeout: 360_000,
}, async () => {
  expect([first.length, second.length, others.length]).toEqual([1, 6, 0]);
  const [web, ssh, postgres, diagnostics] = ports;
  const start = openTerminal(
    first[0] ?? '',
    {
      ...user,
      SALLYPORT_LISTEN_WEB: `127.0.0.1:${String(web)}`,
      SALLYPORT_LISTEN_SSH: `127.0.0.1:${String(ssh)}`,
      SALLYPORT_LISTEN_POSTGRES: `127.0.0.1:${String(postgres)}`,
      SALLYPORT_LISTEN_DIAGNOSTICS: `127.0.0.1:${String(diagnostics)}`,
    },
    clone,
  );
  open.push(start);
  await start.sees(/Sallyport is ready/, 90_000);
  const [, password = ''] = await start.sees(/password: (\S+)/);
  const [, fingerprint = ''] = await start.sees(/(SHA256:\S+)/);
  await start.sees(/sessions play ID\s/);

  // What OpenSSH learns of host keys belongs into the home of this test, and it asks the system where home is.
  const known = join(home, 'known_hosts');
  writeFileSync(
    join(home, 'rc'),
    `ssh() { command ssh -F none -o UserKnownHostsFile=${known} "$@"; }\nPS1='ready> '\n`,
  );
  const shell = openTerminal('sh -i', { ...user, ENV: join(home, 'rc') }, clone);
  open.push(shell);
  const prompt = async (): Promise<unknown> => shell.sees(/ready> $/);
  const lines = second.map((line) =>
    line.replace('-p 2222 ', `-p ${String(ssh)} `).replace('port=5433 ', `port=${String(postgres)} `),
  );
  const printed = start.running.stdout().replaceAll('\r', '').split('\n');
  for (const line of lines)
    expect(
      printed.some((text) => text.split('#')[0]?.trim() === line),
      line,
    ).toBe(true);
  const [login = '', create = '', connect = '', query = '', list = '', play = ''] = lines;

  await prompt();
  shell.type(login);
  await shell.sees(/Password: /);
  shell.type(password);
  await shell.sees(/Logged in as admin/);
  await prompt();
  shell.type(create);
  const [token] = await shell.sees(/spt_[0-9A-Za-z]+/);
  await prompt();
  shell.type(connect);
  const [, shown] = await shell.sees(/ED25519 key fingerprint is (SHA256:[^\s]+?)\.?\s/);
  expect(shown, 'the fingerprint that npm start printed').toBe(fingerprint);
  await shell.sees(/continue connecting .*\? $/);
  shell.type('yes');
  await shell.sees(/password: ?$/);
  shell.type(token);
  await shell.sees(/\$ $/);
  shell.type('cat readme.txt');
  await shell.sees(/then replay the session\.[\s\S]*\$ $/);
  shell.type('exit');
  await prompt();
  // On a busy machine the database may take longer to come up than a person is kept waiting.
  for (let answer = ''; !answer.startsWith('admin~demo-db='); ) {
    shell.type(query);
    await shell.sees(/Password for user admin~demo-db: ?$/);
    shell.type(token);
    [answer] = await shell.sees(/admin~demo-db=. $|(is starting|in time|serves one)[\s\S]*ready> $/);
  }
  shell.type('select name from planet where moons = 2;');
  await shell.sees(/Mars[\s\S]*admin~demo-db=. $/);
  shell.type('\\q');
  await prompt();

  shell.type(list);
  const listed = await shell.sees(/(session-[0-9a-f-]{36}) [\s\S]*demo-db[\s\S]*ready> $/);
  const ids = listed[0].match(/session-[0-9a-f-]{36}/g) ?? [];
  for (const [id, seen] of [
    [ids[0] ?? '', /Everything you see here is recorded/],
    [ids.at(-1) ?? '', /select name from planet where moons = 2/],
  ] as const) {
    shell.type(play.replace('ID', id));
    await shell.sees(seen);
    await shell.sees(new RegExp(`End of ${id}`));
    await prompt();
  }

  // The first real target: what the README shows is taken as it stands.
  expect(examples).toHaveLength(2);
  for (const [index, outcome] of [/User\/alice created/, /Target\/web1 changed/].entries()) {
    writeFileSync(join(clone, 'web1.yaml'), examples[index] ?? '');
    shell.type('npx sallyport apply -f web1.yaml');
    await shell.sees(outcome);
    await prompt();
  }

  shell.type('npx sallyport audit verify');
  await shell.sees(/ok: \d+ events/);
  await prompt();
  shell.type('exit');
  await shell.running.exited;
  start.type('\u0003');
  await start.running.exited;
});
