import type { DeclaredState } from '../kernel/declared.ts';
import type { TargetSpec } from './events.ts';

export type TargetState = DeclaredState<TargetSpec>;
