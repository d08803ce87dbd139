import type { NoteFile } from '../../../domain/session/commands.ts';
import type {
  FileDirection,
  FileOperation,
  FileOperationDone,
  FileRefused,
  FileTransferred,
} from '../../../domain/session/events.ts';
import { exactPath, visiblePath } from './names.ts';

export type FileFact = NoteFile['fact'];

/** What one step of a transfer leaves behind: facts for the log, and records for the recording, which has more. */
export interface Noted {
  readonly facts: readonly FileFact[];
  readonly records: readonly unknown[];
}

export const nothingNoted: Noted = { facts: [], records: [] };

export function joined(notes: readonly Noted[]): Noted {
  return { facts: notes.flatMap(({ facts }) => facts), records: notes.flatMap(({ records }) => records) };
}

/** Paths here are latin1, every byte a character: events get them visible, records with their exact bytes too. */
export function transferred(data: FileTransferred['data']): Noted {
  const shown = { ...data, path: visiblePath(data.path) };
  return noted('transferred', { type: 'FileTransferred', data: shown }, data.path);
}

export function operationDone(data: FileOperationDone['data']): Noted {
  const newPath = data.newPath === null ? null : visiblePath(data.newPath);
  const shown = { ...data, path: visiblePath(data.path), newPath };
  return noted('done', { type: 'FileOperationDone', data: shown }, data.path, data.newPath);
}

export function refused(
  channel: number,
  operation: FileOperation | FileDirection | 'other',
  path: string,
  reason: FileRefused['data']['reason'],
): Noted {
  return noted('refused', { type: 'FileRefused', data: { channel, operation, path: visiblePath(path), reason } }, path);
}

/** What is no event: looking at files and folders, and what the target did not do (`code` of its status). */
export function looked(operation: string, path: string, more: Readonly<Record<string, unknown>> = {}): Noted {
  const record = { event: 'looked', operation, path: visiblePath(path), pathBytes: exactPath(path), ...more };
  return { facts: [], records: [record] };
}

function noted(event: string, fact: FileFact, path: string, newPath: string | null = null): Noted {
  const { channel: _channel, ...data } = fact.data;
  const exact = newPath === null ? {} : { newPathBytes: exactPath(newPath) };
  return { facts: [fact], records: [{ event, ...data, pathBytes: exactPath(path), ...exact }] };
}
