import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type BuiltUi, readBuiltUi } from '../adapters/web-ui/built.ts';
import type { ProcessLog } from '../application/ports/system.ts';

const root = join(import.meta.dirname, '../..');

/**
 * The web UI, built first when it is missing or older than its sources; a process of its own does that, so that the
 * bundler's memory is not kept. Null when it can't be built: access does not wait for a page, so everything else starts.
 */
export async function builtWebUi(processLog: ProcessLog): Promise<BuiltUi | null> {
  try {
    const script = join(root, 'scripts/build-ui.mjs');
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`node ${script} ended with ${String(code)}; run it to see why`);
    return readBuiltUi(join(root, 'web/dist'));
  } catch (error) {
    processLog.error('the web UI could not be built; all but its pages is there', { error: String(error) });
    return null;
  }
}
