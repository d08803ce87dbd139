// Builds the web UI into web/dist when it is missing or older than its sources. The first `sallyport start` runs it, and
// whoever asks later finds it done.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const web = join(root, 'web');
const built = join(web, 'dist');
const stampName = 'stamp';

const wanted = stamp();
if (!isBuilt()) await build();

function isBuilt() {
  const file = join(built, stampName);
  return existsSync(file) && readFileSync(file, 'utf8') === wanted;
}

/** What the result depends on: the sources, the packages, and this file. */
function stamp() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(web, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
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
  // Beside the last one, so that two starts at once don't see half of each other's work.
  const folder = mkdtempSync(join(web, '.dist-'));
  try {
    await bundle({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn', build: { outDir: folder } });
    compress(join(folder, 'assets'));
    writeFileSync(join(folder, stampName), wanted);
    rmSync(built, { recursive: true, force: true });
    renameSync(folder, built);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    // Another start was faster, with the same result.
    if (!isBuilt()) throw error;
  }
}

/** Once, here: no request waits for it. */
function compress(assets) {
  for (const name of readdirSync(assets)) {
    if (/\.(js|css|svg)$/.test(name))
      writeFileSync(join(assets, `${name}.br`), brotliCompressSync(readFileSync(join(assets, name))));
  }
}
