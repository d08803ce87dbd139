import type { FactorId, IdentityId, UserId } from '../kernel/ids.ts';
import type {
  AuthenticationFailureReason,
  AuthenticationStarted,
  AuthenticationSucceeded,
  Challenge,
  FreshFactorUse,
  KeyProofRefused,
  PassRefused,
} from './events.ts';

export type AuthenticationState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'pending';
      readonly attempt: AuthenticationStarted['data'];
      /** Those of the start, and what the policy appended. */
      readonly challenges: readonly Challenge[];
      /** Index of the challenge to be met now. */
      readonly challenge: number;
      /** Names of the mechanisms accepted so far. */
      readonly factors: readonly string[];
      readonly factorIds: readonly FactorId[];
      /** The local password that was right. */
      readonly passwordId: string | null;
      /** Whose answers are taken; null while a provider has not said. */
      readonly person: UserId | null;
      readonly identityId: IdentityId | null;
      readonly appended: boolean;
      /** What was given out last, and how often that was done. */
      readonly round: { readonly mechanismId: string; readonly roundId: string } | null;
      readonly rounds: number;
    }
  | {
      readonly status: 'succeeded';
      readonly success: AuthenticationSucceeded['data'];
      /** Until when it proves something; null: never. */
      readonly until: string | null;
      /** What rests on this fresh factor. */
      readonly usedFor: FreshFactorUse | null;
    }
  | {
      readonly status: 'failed';
      readonly reason: AuthenticationFailureReason;
      readonly userId: UserId | null;
      readonly passwordId: string | null;
      readonly until: string | null;
    }
  | { readonly status: 'pass-refused'; readonly refusal: PassRefused['data'] }
  | { readonly status: 'key-proof-refused'; readonly refusal: KeyProofRefused['data'] };

export type PendingAuthentication = Extract<AuthenticationState, { status: 'pending' }>;
