import { anyShellWord, shellWord } from './shell-word.ts';
import { aliasOf, bracketed, type ConnectWay, type Destination, line, type Place } from './way.ts';

const asked = 'Asks for the password: it is the temporary token.';

/** OpenSSH and PuTTY. */
export function sshWays(to: Destination, door: Place): readonly ConnectWay[] {
  const { login } = to;
  const putty = `-ssh -P ${String(door.port)} -l ${anyShellWord(login)} ${anyShellWord(door.host)}`;
  return [
    line('ssh', 'OpenSSH', sshLine('ssh', login, door), asked),
    line('scp', 'OpenSSH: copy a file there', scpLine(login, door), 'Put the name of your file in the place of FILE.'),
    line('sftp', 'OpenSSH: files', sshLine('sftp', login, door), asked),
    sshConfig(to, door),
    line('putty', 'PuTTY', `putty.exe ${putty}`, 'For Windows, at a prompt or under Run. PuTTY asks for the token.'),
    line('plink', 'PuTTY without a window (plink)', `plink ${putty}`, asked),
  ];
}

export function sshLine(program: 'ssh' | 'sftp', login: string, { host, port }: Place): string {
  const place = program === 'ssh' ? host : bracketed(host);
  return `${program} ${program === 'ssh' ? '-p' : '-P'} ${String(port)} ${shellWord(`${login}@${place}`)}`;
}

function scpLine(login: string, { host, port }: Place): string {
  return `scp -P ${String(port)} FILE ${shellWord(`${login}@${bracketed(host)}:`)}`;
}

/** ssh_config(5): a value with blanks stands in double quotes. */
function sshConfig(to: Destination, { host, port }: Place): ConnectWay {
  const alias = aliasOf(to);
  const user = /\s/u.test(to.login) ? `"${to.login}"` : to.login;
  return {
    client: 'ssh-config',
    title: 'OpenSSH: settings for ssh, scp, sftp, rsync, git and editors',
    kind: 'file',
    text: `Host ${alias}\n  HostName ${host}\n  Port ${String(port)}\n  User ${user}\n`,
    fileName: '~/.ssh/config',
    hint: `Add it at the top; from then on \`ssh ${alias}\` is enough.`,
  };
}
