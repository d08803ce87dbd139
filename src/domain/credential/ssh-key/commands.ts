import type { DeclaredCommand } from '../../kernel/declared.ts';
import type { SshKeySpec } from '../events.ts';

export type SshKeyCommand = DeclaredCommand<SshKeySpec>;
