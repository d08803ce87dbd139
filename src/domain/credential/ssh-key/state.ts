import type { DeclaredState } from '../../kernel/declared.ts';
import type { SshKeySpec } from '../events.ts';

export type SshKeyState = DeclaredState<SshKeySpec>;
