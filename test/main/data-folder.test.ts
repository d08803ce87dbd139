import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureDataFolder, nodeUuid, ownerOf } from '../../src/main/data-folder.ts';
import { lockDataFolder } from '../../src/main/lock-data-folder.ts';
import { count } from '../kit/counts.ts';
import { runProcess, startProcess } from '../kit/process.ts';
import { tempDir } from '../kit/temp-dir.ts';

const mode = (path: string): number => statSync(path).mode & 0o777;

/** A process that looks like one of ours, or like another program. */
async function running(name: string): Promise<number> {
  const child = startProcess(process.execPath, ['-e', 'setInterval(() => 1, 1000); console.log("up")', name]);
  await child.line(/^up$/);
  return child.pid;
}

describe('the folder', () => {
  test('is made with all above it, private', () => {
    const folder = join(tempDir(), 'a', 'data');
    ensureDataFolder(folder);
    expect(mode(folder)).toBe(0o700);
  });

  test('an empty one and one of an installation are taken, and made private', () => {
    for (const name of [undefined, 'config.yaml', 'node-id', '.hidden', 'lost+found']) {
      const folder = join(tempDir(), 'data');
      mkdirSync(folder, { mode: 0o755 });
      if (name !== undefined) writeFileSync(join(folder, name), '');
      ensureDataFolder(folder);
      expect(mode(folder), name).toBe(0o700);
    }
  });

  test('one of other things is refused and left as it is', () => {
    const folder = join(tempDir(), 'photos');
    mkdirSync(folder, { mode: 0o755 });
    writeFileSync(join(folder, 'cat.jpg'), '');
    expect(() => ensureDataFolder(folder)).toThrow(
      /holds other things and no installation; name an empty or new folder/,
    );
    expect(mode(folder)).toBe(0o755);
  });

  test('a path that cannot be a folder is named', () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    expect(() => ensureDataFolder(join(file, 'data'))).toThrow(/cannot use the data folder .*name another with --data/);
  });
});

describe('the lock', () => {
  test('is held against a second start, until it is let go', async () => {
    const folder = tempDir();
    const release = lockDataFolder(folder);
    expect(mode(join(folder, 'process.pid'))).toBe(0o600);
    release();
    expect(existsSync(join(folder, 'process.pid'))).toBe(false);
    const pid = await running('sallyport');
    writeFileSync(join(folder, 'process.pid'), `${String(pid)}\n`);
    expect(() => lockDataFolder(folder)).toThrow(new RegExp(`runs on ${folder} already \\(process ${String(pid)}\\)`));
    expect(ownerOf(folder)).toBe(pid);
  });

  test('of a process that is gone, of another program or of nobody is taken over', async () => {
    const child = startProcess(process.execPath, ['-e', '0']);
    await child.exited;
    const gone = String(child.pid);
    const other = String(await running('unrelated'));
    for (const text of [gone, other, '', 'abc', '-1', '0']) {
      const folder = tempDir();
      writeFileSync(join(folder, 'process.pid'), text);
      expect(ownerOf(folder), text).toBeNull();
      lockDataFolder(folder);
      expect(readFileSync(join(folder, 'process.pid'), 'utf8'), text).toBe(`${String(process.pid)}\n`);
    }
  });
});

test('the lock of an earlier process with the same id is taken over: in a container it is 1 each time', async () => {
  const folder = tempDir();
  const code = `
    const { lockDataFolder } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/main/lock-data-folder.ts'))});
    (await import('node:fs')).writeFileSync(process.argv[2] + '/process.pid', String(process.pid));
    lockDataFolder(process.argv[2]);
    console.log('held');`;
  const started = await runProcess(process.execPath, ['--input-type=module', '-e', code, 'sallyport', folder]);
  expect(started).toMatchObject({ code: 0, stdout: 'held\n' });
});

test('of many starts at once on the lock of a dead process one wins', async () => {
  const module = JSON.stringify(join(import.meta.dirname, '../../src/main/lock-data-folder.ts'));
  const code = `
    const { lockDataFolder } = await import(${module});
    while (Date.now() < Number(process.argv[3]));
    try { lockDataFolder(process.argv[2]); console.log('held'); } catch (error) { console.log(error.code); }
    setInterval(() => 1, 1000);`;
  const dead = startProcess(process.execPath, ['-e', '0']);
  await dead.exited;
  for (let round = 0; round < count(3, 50); round += 1) {
    const folder = tempDir();
    writeFileSync(join(folder, 'process.pid'), `${String(dead.pid)}\n`);
    const at = String(Date.now() + 1_500);
    const starts = Array.from({ length: 6 }, () =>
      startProcess(process.execPath, ['--input-type=module', '-e', code, 'sallyport', folder, at]),
    );
    const said = await Promise.all(starts.map(async (one) => (await one.line(/^(held|already-running|.+)$/))[0]));
    expect(said.sort()).toEqual([...Array<string>(5).fill('already-running'), 'held']);
    expect(ownerOf(folder)).toBe(starts.find((one) => one.stdout().startsWith('held'))?.pid);
    await Promise.all(starts.map((one) => one.stop('SIGKILL')));
  }
}, 120_000);

test('a start waits for another that is just taking the place of a dead process', async () => {
  const folder = tempDir();
  const from = (path: string): string => JSON.stringify(join(import.meta.dirname, '../../src', path));
  const taking = `
    const { exclusively } = await import(${from('adapters/sqlite/exclusively.ts')});
    const { existsSync, writeFileSync } = await import('node:fs');
    exclusively(process.argv[2] + '/process.lock', () => {
      console.log('taking');
      while (!existsSync(process.argv[2] + '/go'));
      writeFileSync(process.argv[2] + '/process.pid', String(process.pid));
    });
    setInterval(() => 1, 1000);`;
  const waiting = `
    const { lockDataFolder } = await import(${from('main/lock-data-folder.ts')});
    console.log('trying');
    try { lockDataFolder(process.argv[2]); console.log('held'); } catch (error) { console.log(error.code); }`;
  const run = (code: string) =>
    startProcess(process.execPath, ['--input-type=module', '-e', code, 'sallyport', folder]);
  const first = run(taking);
  await first.line(/^taking$/);
  const second = run(waiting);
  await second.line(/^trying$/);
  writeFileSync(join(folder, 'go'), '');
  await second.exited;
  expect(second.stdout()).toBe('trying\nalready-running\n');
});

test('the id of the node is made once', () => {
  const folder = tempDir();
  expect(nodeUuid(folder, () => 'one')).toBe('one');
  expect(nodeUuid(folder, () => 'two')).toBe('one');
  expect(mode(join(folder, 'node-id'))).toBe(0o600);
});
