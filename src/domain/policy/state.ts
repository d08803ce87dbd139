import type { DeclaredState } from '../kernel/declared.ts';
import type { PolicySpec } from './events.ts';

export type PolicyState = DeclaredState<PolicySpec>;
