import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileRecordings } from '../../../src/adapters/recordings/file-recordings.ts';
import { loadMasterKey } from '../../../src/adapters/vault/master-key.ts';
import { openFileVault } from '../../../src/adapters/vault/file-vault.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';

/** How many statements that were run begin so, by all recordings of an installation that has stopped. */
export async function recordedStatements(dataFolder: string, beginning: string): Promise<number> {
  const recordings = fileRecordings(dataFolder, openFileVault(dataFolder, loadMasterKey(dataFolder)));
  let count = 0;
  for (const name of readdirSync(join(dataFolder, 'recordings'))) {
    const recording = await recordings.open(streamId('session', name.replace(/\.rec$/, '')));
    for await (const { kind, data } of recording?.read({}) ?? []) {
      if (kind !== 'statement') continue;
      const { via, text } = JSON.parse(Buffer.from(data).toString('utf8')) as { via?: string; text?: string };
      if ((via === 'query' || via === 'execute') && text?.startsWith(beginning) === true) count += 1;
    }
  }
  return count;
}
