import type { DeclaredCommand } from '../../kernel/declared.ts';
import type { GroupSpec } from '../events.ts';

export type GroupCommand = DeclaredCommand<GroupSpec>;
