import type { DeclaredCommand } from '../../kernel/declared.ts';
import type { RoleSpec } from '../events.ts';

export type RoleCommand = DeclaredCommand<RoleSpec>;
