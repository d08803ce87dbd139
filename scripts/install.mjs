// Makes node_modules fit package-lock.json, and the native parts fit Node 24. Runs on Node 20.19 before anything is
// installed, so it uses nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.sallyport-lock');
const lockFolder = join(root, '.sallyport-install');
const runtime = join(modules, 'node/bin/node');
const headers = join(modules, `node/node_modules/node-${process.platform}-${process.arch}`);
const sshBinding = 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node';

await main();

async function main() {
  if (isUpToDate()) return;
  if (!canWrite(root)) {
    fail(`${root} is not writable for this user, and its node_modules is missing or out of date.
Next step: run "npm start" once as the owner of the folder, or make your own clone.`);
  }
  await withLock(() => {
    // Another start may have finished the work while this one waited.
    if (isUpToDate()) return;
    if (!treeFitsLockfile()) installPackages();
    if (!runs(runtime, ['--version'])) installRuntime();
    buildNativeParts();
    writeFileSync(stampFile, stamp());
    say('Installed.');
  });
}

function isUpToDate() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp() && existsSync(runtime);
}

/** What the install depends on: the packages, and this file, which says how they are built. */
function stamp() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'scripts/install.mjs']) hash.update(readFileSync(join(root, file)));
  return `${hash.digest('hex')}\n`;
}

/** Whether npm's own note of what it put into node_modules names the same packages as the lockfile. */
function treeFitsLockfile() {
  const installed = readJson(join(modules, '.package-lock.json'))?.packages;
  if (installed === undefined) return false;
  const wanted = Object.entries(readJson(join(root, 'package-lock.json')).packages).filter(([path]) => path !== '');
  const fits = ([path, { version, integrity, optional }]) => {
    const there = installed[path];
    if (there === undefined) return optional === true;
    return there.version === version && there.integrity === integrity && existsSync(join(root, path));
  };
  return wanted.every(fits);
}

function installPackages() {
  say('Installing packages (about half a minute) …');
  // Scripts of packages are not run here: the three that are needed are run below by name, with the same result under
  // every npm, with and without a compiler.
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], 'the packages could not be installed');
  if (!existsSync(runtime)) installRuntime();
}

function installRuntime() {
  say('Installing the Node 24 runtime …');
  npm(['rebuild', 'node', '--loglevel=error'], 'the Node 24 runtime could not be installed');
  if (!runs(runtime, ['--version'])) {
    fail(`the Node 24 runtime in ${runtime} does not run on this machine.
Next step: install Node 24 yourself and run "node bin/sallyport.mjs start" with it.`);
  }
}

/** ssh2's native cipher binding doubles its speed. Built by npm alone it would fit the Node that npm runs on. */
function buildNativeParts() {
  if (bindingLoads()) return;
  if (!['make', 'g++', 'python3'].every((tool) => runs(tool, ['--version']))) {
    say('No compiler here (make, g++ and python3): SSH uses its slower pure JavaScript path. All else is the same.');
    return;
  }
  say('Building the native SSH ciphers …');
  if (!existsSync(headers)) installRuntime();
  const built = runNpm(['rebuild', 'ssh2', 'cpu-features', `--nodedir=${headers}`, '--loglevel=error'], 'pipe');
  if (built.status === 0 && bindingLoads()) return;
  rmSync(join(modules, 'ssh2/lib/protocol/crypto/build'), { recursive: true, force: true });
  say('The native SSH ciphers could not be built: SSH uses its slower pure JavaScript path. All else is the same.');
}

function bindingLoads() {
  return (
    existsSync(join(modules, sshBinding)) &&
    runs(runtime, ['-e', `require(${JSON.stringify(join(modules, sshBinding))})`])
  );
}

function npm(args, problem) {
  const { status, error } = runNpm(args, 2);
  if (status === 0) return;
  rmSync(stampFile, { force: true });
  fail(`${problem}: "npm ${args.join(' ')}" ended with ${error?.message ?? status}.
Next step: see npm's message above; the npm registry must be reachable the first time.`);
}

function runNpm(args, output) {
  // The npm that runs this script, when there is one: the same version, wherever it is installed.
  const own = process.env.npm_execpath;
  const [command, first] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []];
  // npm's own words go to standard error: standard output belongs to what is started afterwards.
  const stdio = ['ignore', output, output];
  return spawnSync(command, [...first, ...args], { cwd: root, env: npmEnvironment(), stdio, encoding: 'utf8' });
}

/** npm needs a cache it can write; a user without a home folder (nobody, a container's user) has none. */
function npmEnvironment() {
  const env = { ...process.env };
  if (env.npm_config_cache === undefined || !canWrite(env.npm_config_cache)) {
    const home = env.HOME ?? homedir();
    const cache = canWrite(home) ? undefined : join(tmpdir(), `sallyport-npm-${userInfo().uid}`);
    if (cache === undefined) delete env.npm_config_cache;
    else {
      mkdirSync(cache, { recursive: true, mode: 0o700 });
      // In the shared temporary folder another user could have put it there first, to plant packages.
      if (statSync(cache).uid !== userInfo().uid) fail(`${cache} belongs to another user.\nNext step: remove it.`);
      env.npm_config_cache = cache;
    }
  }
  return env;
}

/** One install at a time per clone: the lock is a folder with the pid of its holder. */
async function withLock(work) {
  let told = false;
  while (!tryLock()) {
    if (!told) say('Another install runs in this folder: waiting for it …');
    told = true;
    await pause(250);
  }
  const release = () => rmSync(lockFolder, { recursive: true, force: true });
  process.once('exit', release);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  work();
  release();
}

function tryLock() {
  try {
    mkdirSync(lockFolder);
    writeFileSync(join(lockFolder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!holderIsGone()) return false;
  rmSync(lockFolder, { recursive: true, force: true });
  return false;
}

function holderIsGone() {
  try {
    const age = Date.now() - statSync(lockFolder).mtimeMs;
    const file = join(lockFolder, 'pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    // A folder without a pid is one that is being made, or whose maker was killed in that very moment.
    if (pid === 0) return age > 5_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function runs(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function canWrite(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function say(text) {
  console.error(text);
}

function fail(text) {
  console.error(`sallyport: ${text}`);
  process.exit(1);
}
