import type { DeclaredCommand } from '../../kernel/declared.ts';
import type { EntitlementSpec } from '../events.ts';

export type EntitlementCommand = DeclaredCommand<EntitlementSpec>;
