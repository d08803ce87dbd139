// `ssh host true`, from start to end, against `ssh -J` through OpenSSH: npm run bench -- ssh-connect
// The target is connected after the login only, with a credential from custody, and the session is recorded.
import { hasNativeCiphers } from '../../src/proxies/ssh/server.ts';
import { compare } from './kit/compare.ts';
import { openSshPaths } from './kit/ssh-paths.ts';

if (!hasNativeCiphers()) {
  throw new Error(
    'ssh2 has no native ciphers here, so this would measure something else: install a C++ compiler and run `npm start` again',
  );
}
const paths = await openSshPaths();
try {
  const connect = async (path: typeof paths.ours): Promise<number> => (await path('$SSH true')).milliseconds;
  await connect(paths.ours);
  await connect(paths.jump);
  await compare({
    name: 'ssh-connect',
    unit: 'ms',
    rounds: 15,
    ours: () => connect(paths.ours),
    peer: () => connect(paths.jump),
  });
} finally {
  await paths.close();
}
