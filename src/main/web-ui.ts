import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BuiltUi, readBuiltUi } from '../adapters/web-ui/built.ts';
import type { ProcessLog } from '../application/ports/system.ts';

const script = join(import.meta.dirname, '../../scripts/build-ui.mjs');

/**
 * The web UI, built first when it is missing or older than its sources; a process of its own does that, so that the
 * bundler's memory is not kept. Null when it can't be built: access does not wait for a page, so everything else starts.
 */
export async function builtWebUi(processLog: ProcessLog): Promise<BuiltUi | null> {
  try {
    const building = promisify(execFile)(process.execPath, [script]);
    building.child.stderr?.pipe(process.stderr);
    return readBuiltUi((await building).stdout.trim());
  } catch (error) {
    processLog.error('the web UI could not be built; all but its pages is there', { error: String(error) });
    return null;
  }
}
