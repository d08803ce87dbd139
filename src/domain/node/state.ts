/** `alarmedAt` is the newest event a clock alarm was raised for; `stalled` names the directories this boot could not ask. */
export type NodeState = { readonly alarmedAt: string | null; readonly stalled: readonly string[] } & (
  | { readonly status: 'absent'; readonly bootId: null }
  | { readonly status: 'running'; readonly bootId: string }
  | { readonly status: 'stopped'; readonly bootId: string }
);
