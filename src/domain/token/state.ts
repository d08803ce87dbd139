import type { PassState } from '../kernel/pass.ts';

export type TokenState = PassState;
