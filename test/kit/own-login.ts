import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { launch } from './process.ts';
import type { SystemAccount } from './system-account.ts';

/**
 * The same as a system account, for a user who is not root: a server that runs as this user takes this user's own name
 * with a random password, because libnss_wrapper shows it other files than /etc/passwd and /etc/shadow. `env` does that.
 */
export async function lendOwnLogin(dir: string, home: string): Promise<SystemAccount> {
  const { username, uid, gid } = userInfo();
  const password = randomBytes(18).toString('base64url');
  // perl is on every Debian machine, and its crypt is the C library's.
  const salt = `$6$${randomBytes(6).toString('hex')}`;
  const perl = launch('perl', ['-e', 'print crypt(<STDIN>, $ARGV[0])', salt], { input: password });
  const { code } = await perl.exited;
  if (code !== 0) throw new Error(`the password could not be hashed: ${perl.stderr()}`);

  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text, { mode: 0o600 });
    return join(dir, name);
  };
  return {
    username,
    password,
    env: {
      LD_PRELOAD: 'libnss_wrapper.so',
      NSS_WRAPPER_PASSWD: file('passwd', `${username}:x:${uid}:${gid}::${home}:/bin/bash\n`),
      NSS_WRAPPER_GROUP: file('group', `own:x:${gid}:\n${terminalGroup()}`),
      NSS_WRAPPER_SHADOW: file('shadow', `${username}:${perl.stdout()}:20000:0:99999:7:::\n`),
    },
    remove: () => Promise.resolve(),
  };
}

/**
 * The server gives a new terminal to the group tty, or to the login's own without one. It must be the group that the
 * terminal has from the start, which the mount decides: only root can change it.
 */
function terminalGroup(): string {
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('devpts /dev/pts '));
  const gid = /\bgid=(\d+)/.exec(mount ?? '')?.[1];
  return gid === undefined ? '' : `tty:x:${gid}:\n`;
}
