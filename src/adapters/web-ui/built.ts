import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** One built file, by its name in `/ui/assets/`; `brotli` is the same, compressed (RFC 7932). */
export interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly brotli: Buffer | null;
}

/** The web UI as scripts/build-ui.mjs leaves it in web/dist. */
export interface BuiltUi {
  readonly html: string;
  readonly assets: ReadonlyMap<string, Asset>;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Reads all of it into memory, about 2 MB: no path of a request ever leads to a file. */
export function readBuiltUi(folder: string): BuiltUi {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const assets = new Map<string, Asset>();
  const names = readdirSync(join(folder, 'assets'));
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const read = (file: string): Buffer => readFileSync(join(folder, 'assets', file));
    assets.set(name, { type, plain: read(name), brotli: names.includes(`${name}.br`) ? read(`${name}.br`) : null });
  }
  return { html, assets };
}
