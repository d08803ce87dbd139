import type { DeclaredCommand } from '../../kernel/declared.ts';
import type { AccountSpec } from '../events.ts';

export type AccountCommand = DeclaredCommand<AccountSpec>;
