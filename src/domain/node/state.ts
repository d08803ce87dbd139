/** `alarmedAt` is the newest event a clock alarm was raised for. */
export type NodeState = { readonly alarmedAt: string | null } & (
  | { readonly status: 'absent'; readonly bootId: null }
  | { readonly status: 'running'; readonly bootId: string }
  | { readonly status: 'stopped'; readonly bootId: string }
);
