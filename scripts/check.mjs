// npm run check: format, types, lint, directions, unused code. Two at a time (in npm test one, beside the tests); all are
// run, also after one has failed.
import { fileURLToPath } from 'node:url';
import { run } from './tools.mjs';

/** What the checks of the web UI read: the types of schema.graphql, which are made and not kept. */
const BEFORE = ['gql.tada', 'generate-output', '--tsconfig', 'web/tsconfig.json'];

/** The slowest first, so that the quick ones fill the second lane. */
const CHECKS = [
  { name: 'lint', command: ['eslint', '--max-warnings=0', '.'] },
  { name: 'types', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'types of the web UI', command: ['tsc', '--noEmit', '-p', 'web'] },
  {
    name: 'directions',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', 'src', 'web/src'],
  },
  { name: 'unused code', command: ['knip', '--no-progress'] },
  { name: 'format', command: ['biome', 'format', '--reporter=summary', '.'] },
];

/** Prints what fails and returns whether nothing did. */
export async function check({ lanes = 2 } = {}) {
  const { code, output } = await run(BEFORE, { capture: true });
  if (code !== 0) {
    console.log(`check: the types of schema.graphql could not be made\n${output}`);
    return false;
  }
  const waiting = [...CHECKS];
  const failed = [];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const start = performance.now();
      const { code, output } = await run(next.command, { capture: true });
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      if (code !== 0) failed.push(next.name);
      console.log(`check ${next.name}: ${code === 0 ? 'ok' : `FAILED (${next.command.join(' ')})`} in ${seconds} s`);
      if (code !== 0) console.log(output);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failed.length > 0) console.log(`check: ${failed.join(', ')} failed`);
  return failed.length === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await check()) ? 0 : 1;
