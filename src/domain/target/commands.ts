import type { DeclaredCommand } from '../kernel/declared.ts';
import type { TargetScanned, TargetSpec } from './events.ts';

/** What a target showed when it was asked for its host keys or its certificate. */
export type NoteScan = { readonly type: 'note-scan' } & TargetScanned['data'];

export type TargetCommand = DeclaredCommand<TargetSpec> | NoteScan;
