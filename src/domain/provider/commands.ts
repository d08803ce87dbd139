import type { DeclaredCommand } from '../kernel/declared.ts';
import type { IdentityProviderSpec } from './events.ts';

export type IdentityProviderCommand = DeclaredCommand<IdentityProviderSpec>;
