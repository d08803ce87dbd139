// npm run bench -- NAME: runs test/bench/NAME.ts under Node 24. Without a name it lists the benches.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installPeers } from './peers.mjs';
import { root, run, runtime } from './tools.mjs';

const folder = join(root, 'test/bench');
const [name, ...rest] = process.argv.slice(2);

if (name === undefined) list(console.log);
else if (!/^[a-z0-9-]+$/.test(name) || !existsSync(join(folder, `${name}.ts`))) {
  console.error(`There is no bench "${name}". These there are:`);
  list(console.error);
  process.exitCode = 2;
} else {
  // A bench may do without some of the peers; the one that needs a missing one says so itself.
  const missing = installPeers('bench');
  if (missing.length > 0) console.error(`Not installed here, some benches need them: ${missing.join(' ')}`);
  const { code } = await run([runtime, join(folder, `${name}.ts`), ...rest]);
  process.exitCode = code;
}

function list(print) {
  const names = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  for (const file of names.sort()) print(file.slice(0, -'.ts'.length));
}
