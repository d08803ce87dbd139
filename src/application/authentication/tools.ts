import type { Challenge, Mechanism } from '../../domain/authentication/events.ts';
import type { Door } from '../../domain/kernel/door.ts';
import type { AuthenticationId, FactorId, UserId } from '../../domain/kernel/ids.ts';
import type { CommandContext, CommandTools } from '../commands/run-command.ts';
import type { IdentityProviders } from '../ports/identity-providers.ts';
import type { Passwords } from '../ports/passwords.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { Sealing } from '../ports/sealing.ts';
import type { NameKeys, ProcessLog } from '../ports/system.ts';
import type { LoginProofs } from '../ports/token-proofs.ts';
import type { Vault } from '../ports/vault.ts';
import type { AttemptNotes } from './attempt-notes.ts';

/** The answer to a second factor, as it came. `pending` is what `begin` gave for it; null when nothing was begun. */
export interface FactorAnswer {
  readonly authenticationId: AuthenticationId;
  /** Whose factor it has to be. */
  readonly person: UserId;
  readonly mechanism: Mechanism;
  readonly answer: string;
  readonly pending: string | null;
  readonly context: CommandContext;
}

export interface FactorChecks {
  /** Null unless the answer is right and its use is durable: a code counts once (security rule A8). */
  check(answer: FactorAnswer): Promise<{ readonly factorId: FactorId; readonly userId: UserId } | null>;
  /** What a browser signs with one of the mechanism's factors. */
  begin(mechanism: Mechanism): Promise<{ readonly options: string; readonly pending: string }>;
}

/** Of whom and what the policy is asked for challenges on top. */
export interface ChallengeQuestion {
  readonly userId: UserId;
  readonly username: string;
  readonly groups: readonly string[];
  readonly provider: string;
  /** Names of the mechanisms that were right so far. */
  readonly factors: readonly string[];
  readonly source: string;
  readonly door: Door;
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
  readonly factors: FactorChecks;
  /** Null: the policy could not be asked, which is a no. */
  readonly requiredChallenges: (question: ChallengeQuestion) => Promise<readonly Challenge[] | null>;
  readonly notes: AttemptNotes;
  readonly processLog: ProcessLog;
}

/** The context of what a stranger does at a door. */
export function strangerContext({ tools }: Pick<AuthenticationTools, 'tools'>, source: string): CommandContext {
  return { actor: { kind: 'unknown', source }, correlationId: tools.ids.uuid(), causationId: null };
}
