import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { psqlLine } from '../wire/connect-lines/postgres.ts';
import { shellWord } from '../wire/connect-lines/shell-word.ts';
import { sshLine } from '../wire/connect-lines/ssh.ts';

export interface Welcome {
  /** Null: that door is switched off. */
  readonly url: string | null;
  readonly ssh: { readonly host: string; readonly port: number } | null;
  readonly postgres: { readonly host: string; readonly port: number } | null;
  /** Set when this start drew the first admin's password. */
  readonly password: string | null;
  readonly demo: boolean;
  readonly dataFolder: string;
  /** How this program is called from the folder it was started in. */
  readonly command: string;
  /** The SSH door's public host keys, one a line. */
  readonly hostKeys: string;
  readonly nativeCiphers: boolean;
}

/** What a new user needs, from the ready line on: every command can be pasted. */
export function welcome(about: Welcome): readonly string[] {
  const { url, ssh, password, dataFolder } = about;
  const lines = [`Sallyport is ready${url === null ? '' : ` at ${url}`}`];
  if (password !== null) lines.push(firstAdminLine(password));
  if (url !== null) lines.push(`CA certificate to trust: ${join(dataFolder, 'ca.pem')}`);
  const fingerprint = fingerprintOf(about.hostKeys);
  if (ssh !== null && fingerprint !== null) lines.push(`SSH host key: ${fingerprint}`);
  if (!about.nativeCiphers) {
    lines.push(
      'SSH uses the pure JavaScript ciphers, at about half the speed: install a C++ compiler (g++, make, python3), then start again.',
    );
  }
  if (url !== null) lines.push('', 'Next, in another terminal in this folder:', ...steps(about));
  return [...lines, ''];
}

/** Printed once, whatever becomes of the start: nobody could log in without it. */
export function firstAdminLine(password: string): string {
  return `First admin: admin, password: ${password} (shown this once)`;
}

function steps({ ssh, postgres, demo, dataFolder, command }: Welcome): readonly string[] {
  const data = dataFolder === 'data' ? '' : ` --data ${shellWord(dataFolder)}`;
  const call = (words: string): string => `  ${command} ${words}${data}`;
  const to = (target: string): string => `admin~${demo ? target : 'TARGET'}`;
  const connect: string[] = [];
  if (ssh !== null) connect.push(`  ${sshLine('ssh', to('demo-shell'), ssh)}`);
  if (postgres !== null) connect.push(`  ${psqlLine(to('demo-db'), postgres, join(dataFolder, 'ca.pem'))}`);
  if (connect.length > 0) connect.unshift(`${call('token create')}   # prints the password for what comes next`);
  const first = demo ? [] : [`${call('apply -f FILE')}   # your targets, see docs/how-to/resources.md`];
  return [call('login --user admin'), ...first, ...connect, call('sessions list'), call('sessions play ID')];
}

/** As `ssh` shows it at the first connection. */
function fingerprintOf(hostKeys: string): string | null {
  const key = hostKeys.split('\n').find((line) => line.startsWith('ssh-ed25519 '));
  const blob = key?.split(' ')[1];
  if (blob === undefined) return null;
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '');
  return `SHA256:${digest} (ED25519)`;
}
