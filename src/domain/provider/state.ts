import type { DeclaredState } from '../kernel/declared.ts';
import type { IdentityProviderSpec } from './events.ts';

export type IdentityProviderState = DeclaredState<IdentityProviderSpec>;
