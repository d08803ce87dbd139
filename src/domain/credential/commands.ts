import type { DeclaredCommand } from '../kernel/declared.ts';
import type { CredentialSpec } from './events.ts';

export type CredentialCommand = DeclaredCommand<CredentialSpec>;
