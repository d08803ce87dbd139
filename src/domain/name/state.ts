import type { StreamId } from '../kernel/ids.ts';

export type NameState =
  | { readonly status: 'free' }
  | { readonly status: 'held'; readonly kind: string; readonly holder: StreamId };
