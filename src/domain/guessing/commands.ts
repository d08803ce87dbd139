import type { GuessingNoticed } from './events.ts';

export type GuessingCommand = { readonly type: 'notice'; readonly alert: GuessingNoticed['data'] };
