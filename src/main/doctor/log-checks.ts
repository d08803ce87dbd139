import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkpointFile, logFile } from '../../adapters/sqlite/log-schema.ts';
import { newestEvent } from '../../adapters/sqlite/newest-event.ts';
import { verifyLog } from '../../adapters/sqlite/verify-log.ts';
import { openCheckpoint } from '../../application/audit/checkpoint.ts';
import { checkpointKeyFile } from '../checkpoint-key.ts';
import { logFolder } from '../custody.ts';
import { type Finding, ok, problem, warning } from '../../application/finding.ts';

/** A log up to this size is verified whole; of a larger one the newest checkpoint. */
const smallBytes = 32 * 1_048_576;

export async function checkLog(dataFolder: string): Promise<readonly Finding[]> {
  const folder = logFolder(dataFolder);
  if (!existsSync(logFile(folder))) {
    return [
      problem(
        'log',
        `there is no log in ${folder}`,
        'restore the data folder from a backup, or start to make a new one',
      ),
    ];
  }
  const investigate = 'keep this folder as it is, and compare with your copies';
  try {
    const newest = newestEvent(folder);
    const publicKey = createPublicKey(readFileSync(join(dataFolder, checkpointKeyFile)));
    return [await checkEvents(folder, publicKey, newest?.size ?? 0), clock(newest?.at)];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [problem('log', `cannot be read: ${message}`, investigate)];
  }
}

async function checkEvents(
  folder: string,
  publicKey: ReturnType<typeof createPublicKey>,
  size: number,
): Promise<Finding> {
  const investigate = 'keep this folder as it is, and compare with your copies';
  const wal = statSync(`${logFile(folder)}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (statSync(logFile(folder)).size + wal <= smallBytes) {
    const result = await verifyLog({ folder, publicKey });
    if (result.ok) return ok('log', `all of its ${result.size} events are as they were written`);
    return problem('log', `${result.problem} at position ${result.position}: ${result.message}`, investigate);
  }
  const checkpoint = openCheckpoint(readFileSync(checkpointFile(folder), 'utf8'), publicKey);
  if (checkpoint === undefined) {
    return problem('log', 'the newest checkpoint is not signed by the key of this log', investigate);
  }
  if (checkpoint.size > size) {
    return problem('log', `${checkpoint.size} events were signed, there are ${size}`, investigate);
  }
  return ok('log', `${size} events, the newest checkpoint is signed; \`sallyport audit verify\` looks at each`);
}

function clock(newestAt: string | undefined): Finding {
  const behind = newestAt === undefined ? 0 : Date.parse(newestAt) - Date.now();
  if (behind <= 0) return ok('clock', 'is not behind the log');
  const message = `is ${Math.ceil(behind / 1000)} s behind the newest event`;
  const mend = 'set the clock of this machine (NTP)';
  return behind > 30_000 ? problem('clock', message, mend) : warning('clock', message, mend);
}
