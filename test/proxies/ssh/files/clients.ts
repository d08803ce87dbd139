import { createHash } from 'node:crypto';
import type { NoteFile } from '../../../../src/domain/session/commands.ts';
import type { FileTransferred } from '../../../../src/domain/session/events.ts';
import { runProcess } from '../../../kit/process.ts';
import { login, type SeenSession, sshEnv, type TestProxy } from '../proxy-kit.ts';

/** Options of sftp and scp, which name the port and the login in their own way. */
export function transferOptions(proxy: TestProxy): string[] {
  const words = proxy.ssh.map((word) => (word === '-p' ? '-P' : word));
  return words.filter((word) => word !== '-l' && word !== login);
}

export const remote = `${login}@127.0.0.1`;

/** OpenSSH's sftp with a batch of commands. It stops at the first that fails. */
export async function runSftp(
  proxy: TestProxy,
  commands: readonly string[],
  options: readonly string[] = [],
): ReturnType<typeof runProcess> {
  // -b reads no password: sshpass answers the prompt that BatchMode would suppress.
  const words = ['-e', 'sftp', '-o', 'BatchMode=no', '-b', '-', ...options, ...transferOptions(proxy), remote];
  return await runProcess('sshpass', words, { env: sshEnv(proxy), input: `${commands.join('\n')}\n` });
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The transfers of a session, in the order of their ends. */
export function transfers({ files }: SeenSession): FileTransferred['data'][] {
  return files.flatMap((fact) => (fact.type === 'FileTransferred' ? [fact.data] : []));
}

/** Everything else about files, as `OperationDone rename a b detail`. */
export function others({ files }: SeenSession): string[] {
  return files.filter(({ type }) => type !== 'FileTransferred').map(short);
}

function short(fact: NoteFile['fact']): string {
  if (fact.type === 'FileOperationDone') {
    const { operation, path, newPath, detail } = fact.data;
    return [operation, path, newPath, detail].filter((part) => part !== null).join(' ');
  }
  if (fact.type === 'FileRefused') return `refused ${fact.data.operation} ${fact.data.path} ${fact.data.reason}`;
  return fact.data.path;
}

/** The JSON of a session's file records. */
export function fileRecords({ records }: SeenSession): Record<string, unknown>[] {
  return records
    .filter(({ kind }) => kind === 'file')
    .map(({ data }) => JSON.parse(Buffer.from(data).toString('utf8')) as Record<string, unknown>);
}
