// A download of 300 MiB with the recording on, against `ssh -J` through OpenSSH: npm run bench -- ssh-bulk [MIB]
import { hasNativeCiphers } from '../../src/proxies/ssh/server.ts';
import { compare } from './kit/compare.ts';
import { openSshPaths } from './kit/ssh-paths.ts';

if (!hasNativeCiphers()) {
  throw new Error(
    'ssh2 has no native ciphers here, so this would measure something else: install a C++ compiler and run `npm start` again',
  );
}
const mebibytes = Number(process.argv[2] ?? 300);
const bytes = mebibytes * 1_048_576;
const paths = await openSshPaths();
try {
  const download = async (path: typeof paths.ours): Promise<number> => {
    const { stdout, milliseconds } = await path(`$SSH 'head -c ${String(bytes)} /dev/zero' | wc -c`);
    if (Number(stdout) !== bytes) throw new Error(`${stdout.trim()} of ${String(bytes)} bytes came through`);
    return bytes / 1e6 / (milliseconds / 1_000);
  };
  await compare({
    name: 'ssh-bulk',
    unit: 'MB/s',
    rounds: 7,
    ours: () => download(paths.ours),
    peer: () => download(paths.jump),
  });
} finally {
  await paths.close();
}
