/** One append as it travels to the writer: encoded, its columns side by side so that crossing to the thread is cheap. */
export interface EncodedAppend {
  readonly stream: string;
  readonly expected: number;
  readonly ids: readonly string[];
  readonly types: readonly string[];
  readonly metadata: readonly string[];
  readonly data: readonly string[];
}

/** What became of one append; `first` is the place of its first event. */
export type AppendOutcome =
  | { readonly kind: 'appended'; readonly first: number }
  | { readonly kind: 'repeated'; readonly first: number }
  | { readonly kind: 'conflict'; readonly actual: number }
  | { readonly kind: 'duplicate-id' };

export interface LogWarning {
  readonly code: 'event-unreadable' | 'checkpoint-file' | 'checkpoint-store' | 'log-shorter-than-checkpoint';
  readonly message: string;
}
