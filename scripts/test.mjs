// npm test, npm run test:unit, npm run test:deep. The last line printed is `N passed, N failed`.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { check } from './check.mjs';
import { installPeers } from './peers.mjs';
import { root, run, runtime } from './tools.mjs';

const unit = process.argv.includes('--unit');
const deep = process.argv.includes('--deep');
/** Folders whose tests need no real peer and no network: quick, and for any user. */
const UNIT_FOLDERS = ['domain', 'application', 'projections', 'wire', 'client', 'architecture'];
/**
 * Tests that run again with the streams of their sessions cut at random places, as vitest filters: one of each way in which
 * bytes that somebody sent are put together again.
 */
const CUT = [
  ...[
    'cut-stream',
    'forwards',
    'hostile-channels',
    'login',
    'rekeys',
    'relay',
    'target-prompts',
    'typing/recorded',
  ].map((name) => `test/proxies/ssh/${name}.test.ts`),
  ...['broken-off', 'hostile-sftp', 'other-clients', 'scp', 'sftp'].map(
    (name) => `test/proxies/ssh/files/${name}.test.ts`,
  ),
  ...['menu', 'menu-flood', 'menu-typed-ahead'].map((name) => `test/proxies/ssh/menu/${name}.test.ts`),
  ...['clients', 'clients-files', 'clients-terminal'].map((name) => `test/e2e/${name}.test.ts`),
  ...['clients', 'drivers'].map((name) => `test/e2e/postgres/${name}.test.ts`),
];
/** The same with full counts: every session there is. */
const CUT_DEEP = ['test/proxies/', 'test/e2e/'];

/** What failed, said again at the end, where a reader of a long log looks first. */
const failures = [];

process.exitCode = await main();

async function main() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  if (!unit) {
    const missing = installPeers('test');
    if (missing.length > 0) {
      console.log(`The tests need these Debian packages, and this user can't install them: ${missing.join(' ')}
Next step: as root, run "npm test" once, or "apt-get install --no-install-recommends ${missing.join(' ')}".`);
      return finish({ ...counts, failed: 1 });
    }
  }
  // Else the first tests that start the product would wait for that as well, several at once, and some too long.
  if (!unit) await run([runtime, 'scripts/build-ui.mjs']);
  // Beside the tests, which wait more than they compute.
  const checked = unit ? true : check({ lanes: 1 });
  const all = unit ? UNIT_FOLDERS.map((name) => `test/${name}/`) : [];
  add(counts, await runTests(all, { SALLYPORT_TEST_CUT: '', ...(deep ? { SALLYPORT_TEST_DEEP: '1' } : {}) }));
  if (!(await checked)) {
    counts.failed += 1;
    failures.push('FAILED a check: what it says stands where it ended, above');
  }
  for (const file of unit ? [] : CUT.filter((name) => !existsSync(join(root, name)))) {
    console.log(`${file} is to be run with cut streams and is not there; mend CUT in scripts/test.mjs`);
    counts.failed += 1;
  }
  for (const seed of seeds()) {
    console.log(`Streams cut at random places, seed ${seed}; one file: SALLYPORT_TEST_CUT=${seed} npx vitest run FILE`);
    add(counts, await runTests(deep ? CUT_DEEP : CUT, { SALLYPORT_TEST_CUT: seed }));
  }
  return finish(counts);
}

/** What the streams are cut by: the seed of the environment, or bounded ones. */
function seeds() {
  if (unit) return [];
  const { SALLYPORT_TEST_CUT: wanted = '' } = process.env;
  if (wanted !== '') return [wanted];
  return deep ? ['2', '3', '4'] : ['1'];
}

/**
 * Tests of the whole product wait for many other processes, and a busy machine can make one of them fail. Up to three such
 * files are run once more, alone, and what passes then counts; it is named at the end all the same, for it is to be mended.
 */
async function runTests(filters, env) {
  const first = await vitest(filters, env);
  const names = first.failures.map(({ name }) => name);
  const mayBeBusy = names.length > 0 && names.length <= 3 && names.every((name) => name.startsWith('test/e2e/'));
  const second = mayBeBusy ? await vitest(names, env) : first;
  if (second.counts.failed > 0) {
    failures.push(...first.failures.flatMap(({ said }) => said.map((text) => `FAILED ${text}`)));
    return first.counts;
  }
  failures.push(...first.failures.flatMap(({ said }) => said.map((text) => `UNSTEADY, passed alone: ${text}`)));
  const counts = { ...first.counts, failed: 0 };
  for (const { counts: own } of first.failures) for (const key of ['passed', 'skipped']) counts[key] -= own[key];
  if (mayBeBusy) add(counts, second.counts);
  return counts;
}

async function vitest(filters, env) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-result-'));
  const file = join(folder, 'result.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { code } = await run(['vitest', 'run', ...reporters, ...filters], { env });
    return count(readFileSync(file, 'utf8'), code);
  } catch (error) {
    console.log(`vitest ended without a result: ${error.message}`);
    return { counts: { passed: 0, failed: 1, skipped: 0 }, failures: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(json, code) {
  const result = JSON.parse(json);
  // A file that can't be loaded has no tests to fail; it must not go uncounted. Nor must an error outside of any test.
  const failedFiles = result.testResults.filter((file) => file.status === 'failed');
  const unloaded = failedFiles.filter((file) => file.assertionResults.length === 0);
  const failed = result.numFailedTests + unloaded.length;
  const counts = {
    passed: result.numPassedTests,
    failed: failed === 0 && (code !== 0 || !result.success) ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
  return { counts, failures: failedFiles.map(failureOf) };
}

function failureOf(file) {
  const passed = file.assertionResults.filter(({ status }) => status === 'passed').length;
  const failed = file.assertionResults.filter(({ status }) => status === 'failed').length;
  const counts = { passed, skipped: file.assertionResults.length - passed - failed };
  return { name: relative(root, file.name), counts, said: inWords(file) };
}

/** The failed tests of one file with what they said, or why the file could not be loaded; the first lines of each. */
function inWords({ name, message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  const said = failed.map((test) => [test.fullName, test.failureMessages.join('\n')]);
  return (said.length > 0 ? said : [['could not be loaded', message]]).map(
    ([title, text]) => `${relative(root, name)}: ${title}\n${text.split('\n').slice(0, 12).join('\n').slice(0, 2000)}`,
  );
}

function add(counts, more) {
  for (const key of Object.keys(counts)) counts[key] += more[key];
}

function finish({ passed, failed, skipped }) {
  for (const failure of failures) console.log(`\n${failure}`);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed === 0 ? 0 : 1;
}
