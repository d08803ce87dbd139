// Builds the web UI into web/dist/<digest of its sources> when that is not there, and prints that folder. Every start of
// Sallyport runs it; from the second on it is done in a moment.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const web = join(root, 'web');
const dist = join(web, 'dist');

const built = join(dist, stamp());
if (!existsSync(built)) await build();
console.log(built);

/** What the result depends on: the sources, the packages, and this file. Types alone leave nothing in it. */
function stamp() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(web, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
  const others = ['web/index.html', 'web/vite.config.ts', 'web/tsconfig.json', 'package-lock.json'];
  const files = [...sources, ...others.map((name) => join(root, name)), fileURLToPath(import.meta.url)].sort();
  for (const file of files) {
    const bytes = readFileSync(file);
    hash.update(`${file.slice(root.length)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

async function build() {
  console.error('Building the web UI (some seconds) …');
  const { build: bundle } = await import('vite');
  mkdirSync(dist, { recursive: true });
  // Under another name until it is whole: two starts at once see nothing of each other's work.
  const folder = mkdtempSync(join(dist, 'new-'));
  try {
    await bundle({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn', build: { outDir: folder } });
    compress(join(folder, 'assets'));
    renameSync(folder, built);
    removeOld();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    // Another start was faster, with the same result.
    if (!existsSync(built)) throw error;
  }
}

/** What was built from other sources, and what a killed build left. Nothing of today: a start may be about to read it. */
function removeOld() {
  const day = 24 * 3_600_000;
  for (const name of readdirSync(dist)) {
    const folder = join(dist, name);
    if (Date.now() - statSync(folder).mtimeMs > day) rmSync(folder, { recursive: true, force: true });
  }
}

/** Once, here: no request waits for it. */
function compress(assets) {
  for (const name of readdirSync(assets)) {
    if (/\.(js|css|svg)$/.test(name))
      writeFileSync(join(assets, `${name}.br`), brotliCompressSync(readFileSync(join(assets, name))));
  }
}
