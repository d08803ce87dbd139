import { identityDecider } from '../../domain/identity/decider.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { readState } from '../commands/run-command.ts';
import type { IdentityProviders } from '../ports/identity-providers.ts';
import type { NameKeys, ProcessLog } from '../ports/system.ts';
import { endIdentity, type EndTools } from './end-identity.ts';
import { identityIdOf } from './identity-id.ts';

export interface ProviderNoticeTools extends EndTools {
  readonly nameKeys: NameKeys;
  readonly providers: Pick<IdentityProviders, 'redirect'>;
  readonly processLog: ProcessLog;
}

/**
 * A provider says that somebody was logged out there: all that rests on that identity ends before this resolves. False:
 * the notice proves nothing, or there is no provider that sends any. Errors: `unavailable` when it could not be checked.
 */
export async function providerNotice(deps: ProviderNoticeTools, provider: string, token: string): Promise<boolean> {
  const notice = await (await deps.providers.redirect(provider))?.logoutNotice?.(token);
  if (notice === undefined) return false;
  if (!notice.ok) {
    const { reason, detail } = notice;
    deps.processLog.warn('a logout notice of an identity provider was not taken', { provider, reason, detail });
    if (reason !== 'unavailable') return false;
    throw new SallyportError(
      'unavailable',
      'provider-unavailable',
      'the logout notice could not be checked, since the identity provider does not answer; send it again',
    );
  }
  const identityId = identityIdOf(deps.nameKeys, provider, notice.subject);
  const { state } = await readState(deps.tools.log, identityDecider, identityId);
  // Nobody who is known here: nothing rests on it.
  if (state.status !== 'linked') return true;
  const cause = { correlationId: deps.tools.ids.uuid(), causationId: null };
  const ending = { reason: 'provider-logout', how: 'notice' } as const;
  await endIdentity(deps, { identityId, userId: state.userId }, ending, cause);
  return true;
}
