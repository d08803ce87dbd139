import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProcess } from '../kit/process.ts';
import { tempDir } from '../kit/temp-dir.ts';

const root = join(import.meta.dirname, '../..');

/** Stands in for npm, which would need the registry: notes its arguments and puts down what `npm ci` leaves behind. */
const FAKE_NPM = `import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
if (process.argv[2] === 'ci') {
  await new Promise((resolve) => setTimeout(resolve, 300));
  rmSync('node_modules', { recursive: true, force: true });
  mkdirSync('node_modules/node/bin', { recursive: true });
  symlinkSync(process.execPath, 'node_modules/node/bin/node');
  cpSync('package-lock.json', 'node_modules/.package-lock.json');
}`;

function project(): { readonly folder: string; install: () => ReturnType<typeof runProcess>; calls: () => string[] } {
  const folder = tempDir();
  mkdirSync(join(folder, 'scripts'));
  cpSync(join(root, 'scripts/install.mjs'), join(folder, 'scripts/install.mjs'));
  writeFileSync(join(folder, 'npm.mjs'), FAKE_NPM);
  writeFileSync(join(folder, 'npm.js'), "import('./npm.mjs');");
  lock(folder, '1.0.0');
  const env = { PATH: '/usr/bin:/bin', npm_execpath: join(folder, 'npm.js') };
  return {
    folder,
    install: () => runProcess(process.execPath, [join(folder, 'scripts/install.mjs')], { env, cwd: '/' }),
    calls: () =>
      readFileSync(join(folder, 'calls'), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('ci ')),
  };
}

function lock(folder: string, version: string): void {
  const packages = { '': {}, 'node_modules/node': { version, integrity: `sha512-${version}` } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
}

test('it installs once, and again only when the lockfile names other packages', async () => {
  const { folder, install, calls } = project();
  expect(await install()).toMatchObject({ code: 0, stdout: '' });
  expect(await install()).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(calls()).toHaveLength(1);
  lock(folder, '1.0.1');
  expect((await install()).code).toBe(0);
  expect(calls()).toHaveLength(2);
});

test('what npm install has put there by hand is not installed again', async () => {
  const { folder, install, calls } = project();
  await install();
  lock(folder, '1.0.1');
  cpSync(join(folder, 'package-lock.json'), join(folder, 'node_modules/.package-lock.json'));
  expect((await install()).code).toBe(0);
  expect(calls()).toHaveLength(1);
});

test('two at once: one installs, the other waits for it', async () => {
  const { install, calls } = project();
  const both = await Promise.all([install(), install()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.map(({ stderr }) => stderr).join('')).toContain('Another install runs in this folder');
  expect(calls()).toHaveLength(1);
});

test('the lock of an install that was killed is taken over', async () => {
  const { folder, install, calls } = project();
  const gone = await runProcess(process.execPath, ['-p', 'process.pid']);
  mkdirSync(join(folder, '.sallyport-install'));
  writeFileSync(join(folder, '.sallyport-install/pid'), gone.stdout.trim());
  expect((await install()).code).toBe(0);
  expect(calls()).toHaveLength(1);
});

test('when npm fails, so does it, and the next start tries again', async () => {
  const { folder, install, calls } = project();
  writeFileSync(join(folder, 'npm.mjs'), 'process.exit(9);');
  const failed = await install();
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/the packages could not be installed.*ended with 9\.\nNext step: /s);
  writeFileSync(join(folder, 'npm.mjs'), FAKE_NPM);
  expect((await install()).code).toBe(0);
  expect(calls()).toHaveLength(1);
});
