import type { AppendOutcome, EncodedAppend, LogWarning } from './log-batch.ts';

/** Batches are answered in the order in which they were sent. */
export type ToLogWorker =
  | { readonly kind: 'batch'; readonly batch: readonly EncodedAppend[] }
  | { readonly kind: 'close' };

export type FromLogWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly outcomes: readonly AppendOutcome[] }
  | { readonly kind: 'failed'; readonly error: { readonly code: string; readonly message: string } }
  | { readonly kind: 'warning'; readonly warning: LogWarning };
