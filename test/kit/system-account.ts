import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { launch } from './process.ts';
import { until } from './until.ts';

/** The comment of a throw-away account in /etc/passwd; the pid in it tells whether its test still runs. */
const MARK = 'sallyport-test-pid-';

export interface SystemAccount {
  readonly username: string;
  readonly password: string;
  /** What the server that checks this login has to have in its environment. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/**
 * Adds a login to this machine, for servers that check passwords against the system's own accounts. Needs root.
 * Accounts left behind by tests that were killed are removed first.
 */
export async function addSystemAccount(home: string): Promise<SystemAccount> {
  if (process.getuid?.() !== 0) throw new Error('a throw-away system account can only be made by root: run as root');
  await sweep();
  const username = `spt-${randomBytes(6).toString('hex')}`;
  const password = randomBytes(18).toString('base64url');
  const comment = `${MARK}${String(process.pid)}`;
  await shadow('/usr/sbin/useradd', ['-M', '-d', home, '-s', '/bin/bash', '-c', comment, username]);
  await shadow('/usr/sbin/chpasswd', [], `${username}:${password}\n`);
  return {
    username,
    password,
    env: {},
    remove: async () => {
      await shadow('/usr/sbin/userdel', ['--force', username]);
    },
  };
}

async function sweep(): Promise<void> {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name = '', , , , comment = ''] = line.split(':');
    if (!comment.startsWith(MARK) || existsSync(`/proc/${comment.slice(MARK.length)}`)) continue;
    // Exit code 6: another test removed it first.
    await shadow('/usr/sbin/userdel', ['--force', name], undefined, [0, 6]);
  }
}

/** These tools give up at once while another of them holds the lock on /etc/passwd: try again until it is free. */
async function shadow(command: string, args: readonly string[], input?: string, good = [0]): Promise<void> {
  await until(
    async () => {
      const tool = launch(command, args, input === undefined ? {} : { input });
      const { code } = await tool.exited;
      if (good.includes(code ?? -1)) return true;
      if (tool.stderr().includes('lock')) return false;
      throw new Error(`${command} ended with ${String(code)}: ${tool.stderr()}`);
    },
    { what: `${command} ${args.join(' ')}` },
  );
}
