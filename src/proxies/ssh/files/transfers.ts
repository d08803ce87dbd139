import type { TerminalRequest } from '../../../application/ports/target-terminal.ts';
import type { FileDirection } from '../../../domain/session/events.ts';
import { commandWords } from './command-words.ts';
import { allows, type FilePolicy, noFiles, refusalOf } from './file-policy.ts';
import { rsyncCommand } from './rsync-command.ts';
import { Scp } from './scp.ts';
import { scpCommand } from './scp-command.ts';
import { Sftp } from './sftp.ts';
import type { OpenProtocol } from './wire.ts';

/** A request that is recognised as the transfer of files. */
export interface Transfer {
  readonly kind: 'exec' | 'sftp';
  /** What stands in `ChannelOpened`; null for plain SFTP, whose kind says it. */
  readonly name: string | null;
  /** Null when the protocol itself says it for each file. */
  readonly direction: FileDirection | null;
  /** Whether a download changes the target too. */
  readonly removes: boolean;
  /** Whether an upload may tell the person what the target has. */
  readonly reveals: boolean;
  /** What reads the protocol; null when it can't be read: then it is counted, and not recorded. */
  readonly open: OpenProtocol | null;
}

const notThisWay = 'files may not be transferred in this way in this session: use sftp';
const notMeasured = 'rsync may not be used in this session: its files can not be measured, and a longest size is set';

const sftp: Transfer = {
  kind: 'sftp',
  name: null,
  direction: null,
  removes: false,
  reveals: false,
  open: (wire, channel, policy, budget) => new Sftp(wire, channel, policy, budget),
};

/** The server of SFTP started as a command (`sftp -s`), where systems have it, and with nothing else on the line. */
const sftpServer = /^(\/usr\/(lib|libexec|lib64)\/(openssh\/|ssh\/|misc\/)?)?(sftp-server|internal-sftp)$/;

/**
 * Whether a command would move files although it is started in a way that is not recognised. From the first `rsync` or
 * `scp` on only: the time grows with the length of the command alone.
 */
function isLikeTransfer(command: string): boolean {
  if (/sftp-server|internal-sftp/.test(command)) return true;
  const rsync = command.indexOf('rsync');
  if (rsync !== -1 && command.includes('--server', rsync)) return true;
  const scp = command.search(/\bscp\b/);
  return scp !== -1 && /\s-[a-z]*[tf]/.test(command.slice(scp));
}

/** What file transfer a request is; null for a shell or an ordinary command. */
export function transferOf({ kind, command, pty }: TerminalRequest): Transfer | null {
  if (kind === 'sftp') return sftp;
  if (kind !== 'exec' || command === null || pty !== null) return null;
  if (sftpServer.test(command)) return sftp;
  const words = commandWords(command);
  if (words === null) return null;
  const scp = scpCommand(words);
  if (scp !== null) {
    const open: OpenProtocol = (wire, channel, policy) => new Scp(wire, channel, policy, scp);
    const { direction } = scp;
    return { kind: 'exec', name: `scp ${direction}`, direction, removes: false, reveals: false, open };
  }
  const rsync = rsyncCommand(words);
  return rsync === null ? null : { kind: 'exec', name: `rsync ${rsync.direction}`, ...rsync, open: null };
}

/** Why a request is refused by what the entitlement says about files, for the person; null when it is not. */
export function refusedTransfer(
  transfer: Transfer | null,
  request: TerminalRequest,
  policy: FilePolicy,
): string | null {
  const limited = policy.files !== 'both' || policy.maxFileBytes !== null;
  if (transfer === null) return limited && isLikeTransfer(request.command ?? '') ? notThisWay : null;
  if (policy.files === 'none') return noFiles;
  const { direction, removes, reveals, open } = transfer;
  if (direction !== null && !allows(policy, direction)) return refusalOf('direction', policy);
  if (removes && !allows(policy, 'upload')) return refusalOf('direction', policy);
  if (reveals && !allows(policy, 'download')) return refusalOf('direction', policy);
  return open === null && policy.maxFileBytes !== null ? notMeasured : null;
}
