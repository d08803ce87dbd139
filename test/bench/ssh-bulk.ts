// A download of 300 MiB with the recording on, against `ssh -J` through OpenSSH: npm run bench -- ssh-bulk [MIB]
// The other way: npm run bench -- ssh-bulk-upload [MIB]
import { compare } from './kit/compare.ts';
import { onSshPaths, type SshPaths } from './kit/ssh-paths.ts';

const bytes = Number(process.argv[2] ?? 300) * 1_048_576;

async function download(path: SshPaths['ours']): Promise<number> {
  const { stdout, milliseconds } = await path(`$SSH 'head -c ${String(bytes)} /dev/zero' | wc -c`);
  if (Number(stdout) !== bytes) throw new Error(`${stdout.trim()} of ${String(bytes)} bytes came through`);
  return bytes / 1e6 / (milliseconds / 1_000);
}

await onSshPaths(async ({ ours, jump }) => {
  await compare({
    name: 'ssh-bulk',
    unit: 'MB/s',
    rounds: 7,
    ours: () => download(ours),
    peer: () => download(jump),
  });
});
