import type { TerminalRequest } from '../../../application/ports/target-terminal.ts';
import type { FileDirection } from '../../../domain/session/events.ts';
import { allows, type FilePolicy, noFiles, refusalOf } from './file-policy.ts';
import { Sftp } from './sftp.ts';
import type { OpenProtocol } from './wire.ts';

/** A request that is recognised as the transfer of files. */
export interface Transfer {
  readonly kind: 'exec' | 'sftp';
  /** What stands in `ChannelOpened`; null for plain SFTP, whose kind says it. */
  readonly name: string | null;
  /** Null when the protocol itself says it for each file. */
  readonly direction: FileDirection | null;
  /** What reads the protocol. */
  readonly open: OpenProtocol;
}

const sftp: Transfer = {
  kind: 'sftp',
  name: null,
  direction: null,
  open: (wire, channel, policy) => new Sftp(wire, channel, policy),
};

/** The server of SFTP started as a command (`sftp -s`), where systems have it, and with nothing else on the line. */
const sftpServer = /^(\/usr\/(lib|libexec|lib64)\/(openssh\/|ssh\/|misc\/)?)?(sftp-server|internal-sftp)$/;

/** What file transfer a request is; null for a shell or an ordinary command. */
export function transferOf({ kind, command, pty }: TerminalRequest): Transfer | null {
  if (kind === 'sftp') return sftp;
  if (kind !== 'exec' || command === null || pty !== null) return null;
  if (sftpServer.test(command)) return sftp;
  return null;
}

/** Why a request is refused by what the entitlement says about files, for the person; null when it is not. */
export function refusedTransfer(
  transfer: Transfer | null,
  request: TerminalRequest,
  policy: FilePolicy,
): string | null {
  const limited = policy.files !== 'both' || policy.maxFileBytes !== null;
  if (transfer === null) {
    // Started some other way, the server's bytes would pass without being understood.
    return limited && /sftp-server|internal-sftp/.test(request.command ?? '') ? noFiles : null;
  }
  if (policy.files === 'none') return noFiles;
  const { direction } = transfer;
  return direction === null || allows(policy, direction) ? null : refusalOf('direction', policy);
}
