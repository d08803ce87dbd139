import type { DeclaredState } from '../../kernel/declared.ts';
import type { AccountSpec } from '../events.ts';

export type AccountState = DeclaredState<AccountSpec>;
