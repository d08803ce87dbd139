import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkpointFile } from '../adapters/sqlite/log-schema.ts';
import { verifyLog } from '../adapters/sqlite/verify-log.ts';
import { Refused } from '../client/errors.ts';
import { positionals, textOption, type Verb } from '../client/verb.ts';
import { logFolder } from './custody.ts';
import { checkpointKeyFile } from './checkpoint-key.ts';

export const auditVerify: Verb = {
  name: 'audit verify',
  usage: '',
  summary: 'prove that nothing in the log was changed; needs only the right to read the data folder',
  options: { checkpoint: { type: 'string', help: 'a checkpoint kept elsewhere: also finds a cut tail' } },
  async run(context, given) {
    positionals(given);
    const { dataFolder } = context;
    const folder = logFolder(dataFolder);
    if (!existsSync(folder))
      throw new Refused(`there is no log in ${dataFolder}; name the data folder with --data DIR`);
    // The newest checkpoint beside the log is one commit behind at the most: with it a tail that was cut from the
    // database alone, or lost with a damaged -wal file, is found too.
    const beside = checkpointFile(folder);
    const kept = textOption(given, 'checkpoint') ?? (existsSync(beside) ? beside : undefined);
    const result = await verifyLog({
      folder,
      publicKey: createPublicKey(read(join(dataFolder, checkpointKeyFile))),
      ...(kept === undefined ? {} : { checkpoint: read(kept) }),
    });
    if (!result.ok) {
      if (context.options.format !== 'table') context.one(result, []);
      throw new Refused(`the log is not whole: ${result.message}`, [
        `problem: ${result.problem}, first bad position: ${result.position}`,
        'keep this data folder as it is for the investigation, and compare with your copies',
      ]);
    }
    context.one(result, [
      `ok: ${String(result.size)} events, root ${result.root}`,
      result.checkpoint === null
        ? 'no checkpoint to compare with yet'
        : `agrees with the checkpoint of ${String(result.checkpoint)} events`,
    ]);
  },
};

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Refused(`cannot read ${file}; check the path and that you may read it`);
  }
}
