import type { DeclaredCommand } from '../kernel/declared.ts';
import type { PolicySpec } from './events.ts';

export type PolicyCommand = DeclaredCommand<PolicySpec>;
