import type { DeclaredCommand } from '../../kernel/declared.ts';
import type { ConditionSpec } from '../events.ts';

export type ConditionCommand = DeclaredCommand<ConditionSpec>;
