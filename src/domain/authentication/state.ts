import type { AuthenticationFailureReason, AuthenticationStarted, KeyProofRefused, PassRefused } from './events.ts';

export type AuthenticationState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'pending';
      readonly attempt: AuthenticationStarted['data'];
      /** Index of the challenge to be met now. */
      readonly challenge: number;
      /** Names of the mechanisms accepted so far. */
      readonly factors: readonly string[];
    }
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed'; readonly reason: AuthenticationFailureReason }
  | { readonly status: 'pass-refused'; readonly refusal: PassRefused['data'] }
  | { readonly status: 'key-proof-refused'; readonly refusal: KeyProofRefused['data'] };
