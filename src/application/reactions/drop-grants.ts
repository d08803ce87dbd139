import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { IdentityId, LoginId, PassId } from '../../domain/kernel/ids.ts';
import { readPass } from '../commands/pass-streams.ts';
import { identityOf } from '../identities/end-identity.ts';
import { dropUnusedGrant, type GrantTools } from '../identities/grants-in-use.ts';
import type { Reaction } from './run-reactions.ts';

/**
 * What an identity was asked by goes when it is unlinked or has left, and with the last login, token or key that rests on
 * it. What only expires goes with the next round of the sync.
 */
export function dropGrants(deps: GrantTools): Reaction {
  return {
    name: 'drop-grants',
    types: ['IdentityObserved', 'IdentityUnlinked', 'LoginClosed', 'TemporaryTokenRevoked', 'PublicKeyRevoked'],
    react: async (event) => {
      const identityId = await concerned(deps, event);
      if (identityId !== null) await dropUnusedGrant(deps, identityId);
    },
  };
}

async function concerned({ tools }: GrantTools, { type, stream }: StoredEvent): Promise<IdentityId | null> {
  if (type === 'IdentityObserved' || type === 'IdentityUnlinked') return stream as IdentityId;
  if (type === 'LoginClosed') return identityOf(tools, stream as LoginId);
  const pass = await readPass(tools, stream as PassId);
  return pass.status === 'absent' ? null : identityOf(tools, pass.pass.loginId);
}
