import type { AppendOutcome, EncodedAppend, LogWarning } from './log-batch.ts';

/** Batches are answered in the order in which they were sent, a probe as a batch without appends. */
export type ToLogWorker =
  | { readonly kind: 'batch'; readonly batch: readonly EncodedAppend[] }
  | { readonly kind: 'probe' }
  | { readonly kind: 'close' };

export type FromLogWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly outcomes: readonly AppendOutcome[] }
  | { readonly kind: 'failed'; readonly error: { readonly code: string; readonly message: string } }
  | { readonly kind: 'warning'; readonly warning: LogWarning };
