import type { DeclaredCommand } from '../../kernel/declared.ts';
import type { FactorProviderSpec } from '../events.ts';

export type FactorProviderCommand = DeclaredCommand<FactorProviderSpec>;
