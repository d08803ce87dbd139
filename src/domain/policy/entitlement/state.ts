import type { DeclaredState } from '../../kernel/declared.ts';
import type { EntitlementSpec } from '../events.ts';

export type EntitlementState = DeclaredState<EntitlementSpec>;
