import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../kit/process.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import type { Rule } from './rules.ts';

const repository = join(import.meta.dirname, '../..');

interface VitestResult {
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}

const untouched = 'copy-untouched';

/** The tests that hold the rules of a file, below the repository. */
function testsOf(file: string): readonly string[] {
  const [aggregate = ''] = file.split('/');
  const own = `test/domain/${aggregate}`;
  // The life that all declared kinds share is told for each of them in the kernel's tests.
  return aggregate === 'kernel' ? [own] : [own, 'test/domain/kernel/declared.test.ts'];
}

/** A copy of the domain with its own copy of the tests; without the rule, if one is given. */
function writeCopy(folder: string, tests: readonly string[], rule?: Rule): void {
  mkdirSync(folder);
  const copy = (path: string): void => {
    if (existsSync(join(repository, path))) cpSync(join(repository, path), join(folder, path), { recursive: true });
  };
  const kit = ['counts.ts', 'cpu-time.ts'].map((name) => `test/kit/${name}`);
  ['src/domain', 'test/domain/kit', ...kit, 'docs/how-to/conditions.md', ...tests].forEach(copy);
  if (rule !== undefined) writeFileSync(join(folder, 'src/domain', rule.file), rule.sourceWithout);
}

/**
 * Runs, for each rule, the tests of its aggregate on a copy of the domain without it; gives the rules that no test
 * misses. All copies run in one vitest, since starting it takes longer than the tests.
 */
export async function rulesNobodyMisses(rules: readonly Rule[]): Promise<readonly Rule[]> {
  const { path: root, remove } = makeTempDir();
  try {
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    writeFileSync(join(root, 'package.json'), '{"type": "module"}');
    writeFileSync(
      join(root, 'vitest.config.js'),
      "export default { test: { include: ['copy-*/test/domain/**/*.test.ts'], isolate: false, maxWorkers: 2 } };",
    );
    writeCopy(join(root, untouched), [...new Set(rules.flatMap(({ file }) => testsOf(file)))]);
    rules.forEach((rule, index) => writeCopy(join(root, `copy-${index}`), testsOf(rule.file), rule));
    const results = await runVitest(root);
    // Tests that fail on the domain as it is would miss nothing.
    if (!isGreen(results, untouched)) throw new Error('the tests of the domain fail with all rules in place');
    return rules.filter((_rule, index) => isGreen(results, `copy-${index}`));
  } finally {
    remove();
  }
}

function isGreen(results: VitestResult['testResults'], copy: string): boolean {
  const own = results.filter(({ name }) => name.includes(`/${copy}/`));
  if (own.length === 0) throw new Error(`no test ran in ${copy}`);
  return own.every(({ status }) => status === 'passed');
}

async function runVitest(root: string): Promise<VitestResult['testResults']> {
  const output = join(root, 'result.json');
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  const inherited = Object.entries(process.env).filter(([key]) => !/^(VITEST|SALLYPORT_TEST|NODE_OPTIONS)/.test(key));
  await runProcess(process.execPath, [vitest, 'run', '--root', root, '--reporter=json', `--outputFile=${output}`], {
    env: Object.fromEntries(inherited),
    cwd: root,
  });
  return (JSON.parse(readFileSync(output, 'utf8')) as VitestResult).testResults;
}
