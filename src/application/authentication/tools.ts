import type { Challenge, Mechanism } from '../../domain/authentication/events.ts';
import type { FactorId, UserId } from '../../domain/kernel/ids.ts';
import type { CommandContext, CommandTools } from '../commands/run-command.ts';
import type { GuessBrake } from '../brute-force/guess-brake.ts';
import type { FactorAnswer } from '../factors/check-factor.ts';
import type { FactorQuestion } from '../factors/required-challenges.ts';
import type { KeptGrants } from '../identities/kept-grants.ts';
import type { Viewer } from '../ports/application-face.ts';
import type { IdentityProviders } from '../ports/identity-providers.ts';
import type { Passwords } from '../ports/passwords.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { Sealing } from '../ports/sealing.ts';
import type { NameKeys, ProcessLog } from '../ports/system.ts';
import type { LoginProofs } from '../ports/token-proofs.ts';
import type { Vault } from '../ports/vault.ts';
import type { AttemptNotes } from './attempt-notes.ts';

export interface FactorChecks {
  /** Null unless the answer is right and its use is durable: a code counts once (security rule A8). */
  check(answer: FactorAnswer): Promise<{ readonly factorId: FactorId; readonly userId: UserId } | null>;
  /** What a browser signs with one of the mechanism's factors; null: none of them is left. */
  begin(mechanism: Mechanism, person: UserId): Promise<{ readonly options: string; readonly pending: string } | null>;
}

export interface AuthenticationTools {
  readonly tools: CommandTools;
  readonly views: Pick<
    ReadModels,
    'directory' | 'factors' | 'activeLogins' | 'activeTokens' | 'activeKeys' | 'identities'
  >;
  readonly nameKeys: NameKeys;
  readonly passwords: Passwords;
  readonly vault: Vault;
  readonly loginProofs: LoginProofs;
  readonly sealing: Sealing;
  readonly providers: IdentityProviders;
  readonly grants: KeptGrants;
  readonly factors: FactorChecks;
  /** Null: the policy could not be asked, which is a no. */
  readonly requiredChallenges: (question: Omit<FactorQuestion, 'moment'>) => Promise<readonly Challenge[] | null>;
  /** What the policy asks somebody logged in to show for a pass; null as above. */
  readonly freshChallenges: (viewer: Viewer) => Promise<readonly Challenge[] | null>;
  readonly notes: AttemptNotes;
  readonly brake: Pick<GuessBrake, 'attempt' | 'begins'>;
  readonly processLog: ProcessLog;
}

/** The context of what a stranger does at a door. */
export function strangerContext({ tools }: Pick<AuthenticationTools, 'tools'>, source: string): CommandContext {
  return { actor: { kind: 'unknown', source }, correlationId: tools.ids.uuid(), causationId: null };
}
