import type { DeclaredCommand } from '../kernel/declared.ts';
import type { TargetSpec } from './events.ts';

export type TargetCommand = DeclaredCommand<TargetSpec>;
