import type { DeclaredState } from '../../kernel/declared.ts';
import type { ConditionSpec } from '../events.ts';

export type ConditionState = DeclaredState<ConditionSpec>;
