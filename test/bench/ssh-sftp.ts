// 1 GB put and got with sftp in a recorded session, against the same through `ssh -J`: npm run bench -- ssh-sftp [MB]
// The rate is that of both ways together; the last line has each of them too. SHA-256 is compared after each transfer.
import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { launch } from '../kit/process.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { compare, median } from './kit/compare.ts';
import { onSshPaths, type SshPaths } from './kit/ssh-paths.ts';

const megabytes = Number(process.argv[2] ?? 1_000);

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1_048_576 }), hash);
  return hash.digest('hex');
}

await onSshPaths(async ({ ours, jump, home }) => {
  const { path: folder, remove } = makeTempDir();
  try {
    const made = join(folder, 'made');
    const got = join(folder, 'got');
    const far = join(home, 'far');
    const make = launch('sh', ['-c', `head -c ${String(megabytes)}000000 /dev/urandom > ${made}`]);
    if ((await make.exited).code !== 0) throw new Error(`the file could not be made: ${make.stderr()}`);
    const wanted = await sha256(made);
    const rates: Record<string, number[]> = { oursPut: [], oursGet: [], peerPut: [], peerGet: [] };

    const transfer = async (path: SshPaths['ours'], command: string, file: string, rate: string): Promise<number> => {
      const { milliseconds } = await path(`echo ${command} | $SFTP`);
      if ((await sha256(file)) !== wanted) throw new Error(`${command}: what arrived is not what was sent`);
      rates[rate]?.push(megabytes / (milliseconds / 1_000));
      return milliseconds;
    };
    const both = async (path: SshPaths['ours'], side: 'ours' | 'peer'): Promise<number> => {
      const put = await transfer(path, `put ${made} far`, far, `${side}Put`);
      const get = await transfer(path, `get far ${got}`, got, `${side}Get`);
      for (const file of [far, got]) rmSync(file);
      return (2 * megabytes) / ((put + get) / 1_000);
    };
    await compare({
      name: 'ssh-sftp',
      unit: 'MB/s',
      rounds: 3,
      ours: () => both(ours, 'ours'),
      peer: () => both(jump, 'peer'),
      more: () =>
        Object.fromEntries(
          Object.entries(rates).map(([name, values]) => [name, Number(median(values).toPrecision(4))]),
        ),
    });
  } finally {
    remove();
  }
});
