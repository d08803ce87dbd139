import type { DeclaredState } from '../kernel/declared.ts';
import type { CredentialSpec } from './events.ts';

export type CredentialState = DeclaredState<CredentialSpec>;
