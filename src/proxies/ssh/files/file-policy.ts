import type { SshChannels } from '../../../domain/policy/channels.ts';
import type { FileDirection, FileRefused } from '../../../domain/session/events.ts';

/** What an entitlement says about files. */
export type FilePolicy = Pick<SshChannels, 'files' | 'maxFileBytes'>;

export const noFiles = 'files may not be transferred in this session';

export function allows({ files }: FilePolicy, direction: FileDirection): boolean {
  return files === 'both' || files === direction;
}

/** Why not, for the person. */
export function refusalOf(reason: FileRefused['data']['reason'], policy: FilePolicy): string {
  switch (reason) {
    case 'direction':
      if (policy.files === 'none') return noFiles;
      if (policy.files === 'download')
        return 'files may only be read in this session: nothing on the target is changed';
      return 'files may only be written in this session: they are not read';
    case 'too-large':
      return `files longer than ${policy.maxFileBytes ?? 0} bytes may not be transferred in this session`;
    case 'not-supported':
      return 'this cannot be recorded, so it is not passed on';
  }
}

export function isTooLong({ maxFileBytes }: FilePolicy, bytes: number): boolean {
  return maxFileBytes !== null && bytes > maxFileBytes;
}
