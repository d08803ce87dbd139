import type { DeclaredCommand } from '../kernel/declared.ts';
import type { IdentityProviderSpec, IdentityProviderTested } from './events.ts';

/** That a provider is about to be asked. */
export type NoteTest = { readonly type: 'note-test' } & IdentityProviderTested['data'];

export type IdentityProviderCommand = DeclaredCommand<IdentityProviderSpec> | NoteTest;
