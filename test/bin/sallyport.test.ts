import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runProcess, startProcess } from '../kit/process.ts';
import { killTree } from '../kit/process-tree.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { until } from '../kit/until.ts';

const root = join(import.meta.dirname, '../..');
/** Node 24, and the Node this machine has outside of the clone, which may be older: npm says where. */
const nodes = [...new Set([process.execPath, process.env.npm_node_execpath ?? '/usr/bin/node'].filter(existsSync))];

/** A clone with this command line, and with the real packages unless `bare`. */
function clone(cli: string, bare = false): string {
  const folder = tempDir();
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'src/main'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'src/main/cli.ts'), cli);
  if (!bare) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

const WAITS = `process.on('SIGTERM', () => { console.log('told'); process.exit(5); });
setInterval(() => 1, 1000);
console.log('pid ' + process.pid);`;

describe.each(nodes)('started by %s', (node) => {
  test('the command line runs under Node 24 with the arguments, and its exit code is passed on', async () => {
    const folder = clone(`const said: string = process.argv.slice(2).join('|');
console.log(process.versions.node.split('.')[0], said);
process.exitCode = 7;`);
    const ended = await runProcess(node, [join(folder, 'bin/sallyport.mjs'), 'get', '--data', 'a b'], { cwd: '/' });
    expect(ended).toMatchObject({ code: 7, stdout: '24 get|--data|a b\n', stderr: '' });
  });

  test('SIGTERM reaches the command line, which ends in its own way', async () => {
    const running = startProcess(node, [join(clone(WAITS), 'bin/sallyport.mjs')]);
    await running.line(/^pid /);
    expect(await running.stop('SIGTERM')).toEqual({ code: 5, signal: null });
    expect(running.stdout()).toMatch(/told\n$/);
  });

  test('the command line does not outlive a kill -9', async () => {
    const running = startProcess(node, [join(clone(WAITS), 'bin/sallyport.mjs')]);
    const [, pid] = await running.line(/^pid (\d+)$/);
    onTestFinished(() => killTree(Number(pid)));
    await running.stop('SIGKILL');
    await until(() => !existsSync(`/proc/${pid}`), { what: 'the end of the command line' });
    expect(running.stdout()).not.toContain('told');
  });

  test('without packages it says what to do next', async () => {
    const folder = clone('', true);
    const ended = await runProcess(node, [join(folder, 'bin/sallyport.mjs')]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`run "npm start" or "npm install" in ${folder}`);
  });
});
