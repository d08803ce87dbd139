// `ssh host true`, from start to end, against `ssh -J` through OpenSSH: npm run bench -- ssh-connect
// The target is connected after the login only, with a credential from custody, and the session is recorded.
import { compare } from './kit/compare.ts';
import { onSshPaths, type SshPaths } from './kit/ssh-paths.ts';

const connect = async (path: SshPaths['ours']): Promise<number> => (await path('$SSH true')).milliseconds;

await onSshPaths(async ({ ours, jump }) => {
  await connect(ours);
  await connect(jump);
  await compare({
    name: 'ssh-connect',
    unit: 'ms',
    rounds: 15,
    ours: () => connect(ours),
    peer: () => connect(jump),
  });
});
