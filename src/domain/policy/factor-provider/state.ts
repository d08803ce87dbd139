import type { DeclaredState } from '../../kernel/declared.ts';
import type { FactorProviderSpec } from '../events.ts';

export type FactorProviderState = DeclaredState<FactorProviderSpec>;
