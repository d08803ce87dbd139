import type { DeclaredState } from '../../kernel/declared.ts';
import type { RoleSpec } from '../events.ts';

export type RoleState = DeclaredState<RoleSpec>;
