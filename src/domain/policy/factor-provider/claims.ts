import type { Door } from '../../kernel/door.ts';
import { expressionsOver } from '../cel.ts';
import type { LocalTime } from '../claims.ts';

/** What `atLogin` and `atToken` see: the person is known, a login is not open yet or asks for a token. */
export interface FactorClaims {
  readonly user: {
    readonly username: string;
    readonly groups: readonly string[];
    /** Name of the identity provider, `local` for our own passwords. */
    readonly provider: string;
    /** Short names of the mechanisms passed so far, as `UP`; for a token those of the login. */
    readonly factors: readonly string[];
    /** Kinds of the factors that the person has: `totp`, `webauthn`, `recovery` while codes are left. */
    readonly enrolled: readonly string[];
  };
  readonly system: {
    readonly sourceAddress: string;
    readonly door: Door;
    readonly local: LocalTime;
  };
}

/** Expressions over the claims above; another field does not compile. */
export const factorExpressions = expressionsOver<FactorClaims>({
  user: {
    username: 'string',
    groups: 'list<string>',
    provider: 'string',
    factors: 'list<string>',
    enrolled: 'list<string>',
  },
  system: {
    sourceAddress: 'string',
    door: 'string',
    local: { hour: 'int', minute: 'int', weekday: 'int', zone: 'string' },
  },
});
