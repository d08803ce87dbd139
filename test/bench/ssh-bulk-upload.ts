// An upload of 300 MiB in a recorded session, against `ssh -J` through OpenSSH: npm run bench -- ssh-bulk-upload [MIB]
import { compare } from './kit/compare.ts';
import { onSshPaths, type SshPaths } from './kit/ssh-paths.ts';

const bytes = Number(process.argv[2] ?? 300) * 1_048_576;

async function upload(path: SshPaths['ours']): Promise<number> {
  const { stdout, milliseconds } = await path(`head -c ${String(bytes)} /dev/zero | $SSH 'wc -c'`);
  if (Number(stdout) !== bytes) throw new Error(`${stdout.trim()} of ${String(bytes)} bytes came through`);
  return bytes / 1e6 / (milliseconds / 1_000);
}

await onSshPaths(async ({ ours, jump }) => {
  await compare({
    name: 'ssh-bulk-upload',
    unit: 'MB/s',
    rounds: 7,
    ours: () => upload(ours),
    peer: () => upload(jump),
  });
});
