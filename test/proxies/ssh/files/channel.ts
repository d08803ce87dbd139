import type { FileTransferred } from '../../../../src/domain/session/events.ts';
import { joined, type Noted } from '../../../../src/proxies/ssh/files/facts.ts';
import type { FilePolicy } from '../../../../src/proxies/ssh/files/file-policy.ts';
import { ReorderBudget } from '../../../../src/proxies/ssh/files/ordered-hash.ts';
import { Sftp } from '../../../../src/proxies/ssh/files/sftp.ts';
import { sftp } from './packets.ts';

export const flag = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 };
/** How `put` opens a file. */
export const put = flag.write | flag.create | flag.truncate;
export const bytes = Buffer.from(Array.from({ length: 40_000 }, (_, index) => (index * 7 + (index >> 8)) & 255));

/** One channel between a client and a target that the test plays both. */
export function channel(policy: Partial<FilePolicy> = {}, budget = new ReorderBudget()) {
  const sent = { target: Buffer.alloc(0), client: Buffer.alloc(0) };
  const notes: Noted[] = [];
  const said: string[] = [];
  const wire = {
    toTarget: (part: Buffer) => (sent.target = Buffer.concat([sent.target, part])),
    toClient: (part: Buffer, noted: Noted) => {
      notes.push(noted);
      sent.client = Buffer.concat([sent.client, part]);
    },
    behind: () => false,
    say: (text: string) => said.push(text),
  };
  const protocol = new Sftp(wire, 0, { files: 'both', maxFileBytes: null, ...policy }, budget);
  const of = {
    sent,
    said,
    client: (...packets: Buffer[]) => {
      for (const each of packets) protocol.fromClient(each);
    },
    target: (...packets: Buffer[]) => {
      for (const each of packets) protocol.fromTarget(each);
    },
    end: () => joined([...notes, protocol.end()]).facts,
    facts: () => joined(notes).facts,
    records: () => joined(notes).records,
    open: (flags: number, handle = 'h', path = 'f') => {
      of.client(sftp.open(1, path, flags));
      of.target(sftp.handle(1, handle));
    },
    close: (handle = 'h') => {
      of.client(sftp.close(2, handle));
      of.target(sftp.status(2, 0));
      return of.facts().at(-1)?.data as FileTransferred['data'] | undefined;
    },
  };
  of.client(sftp.init());
  of.target(sftp.version('posix-rename@openssh.com', 'copy-data'));
  sent.target = sent.client = Buffer.alloc(0);
  return of;
}
