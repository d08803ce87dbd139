import type { DeclaredState } from '../../kernel/declared.ts';
import type { GroupSpec } from '../events.ts';

export type GroupState = DeclaredState<GroupSpec>;
