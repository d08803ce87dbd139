import type { Position } from '../../domain/kernel/event.ts';

/**
 * What is wrong with a log:
 * `unreadable` the store itself is damaged here · `missing` there is no event where one must be · `unexpected` there is
 * one where none can be · `changed` the event is not what was hashed · `stream-version` an event does not follow the one
 * before it in its stream · `tree` the stored tree is not the tree of the events · `checkpoint-form`,
 * `checkpoint-signature` not a checkpoint of this log's key · `checkpoint-root` the events are not those that were signed ·
 * `cut-tail` a checkpoint covers more events than there are.
 */
export type LogProblem =
  | 'unreadable'
  | 'missing'
  | 'unexpected'
  | 'changed'
  | 'stream-version'
  | 'tree'
  | 'checkpoint-form'
  | 'checkpoint-signature'
  | 'checkpoint-root'
  | 'cut-tail';

/** `root` in base64. `checkpoint` is the size of the newest checkpoint that was compared, null without any. */
export type LogVerification =
  | { readonly ok: true; readonly size: number; readonly root: string; readonly checkpoint: number | null }
  | { readonly ok: false; readonly problem: LogProblem; readonly position: Position; readonly message: string };
