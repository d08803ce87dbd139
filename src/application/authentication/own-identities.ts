import { personalText } from '../../domain/kernel/personal.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { readState } from '../commands/run-command.ts';
import { knownIdentity } from '../identities/known-identity.ts';
import type { Viewer } from '../ports/application-face.ts';
import type { OwnIdentity } from '../ports/login-face.ts';
import type { IdentityRow } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';
import type { AuthenticationTools } from './tools.ts';

/** As whom the viewer is known at providers, by the names they have there. */
export async function ownIdentities(
  { tools, views }: Pick<AuthenticationTools, 'tools' | 'views'>,
  { userId }: Viewer,
): Promise<readonly OwnIdentity[]> {
  await upToHead(tools.log, views.identities);
  const rows = everyRow<IdentityRow>(views.identities, 'identityId', { where: { userId, linked: 1 } });
  return Promise.all(
    rows.map(async ({ identityId, provider, standing }) => {
      const known = await knownIdentity(tools.log, identityId);
      return { identityId, provider, username: personalText(known?.username ?? ''), standing: standing ?? 'active' };
    }),
  );
}

/** Where the browser goes to log out at the provider too. A provider that can't be asked keeps nobody from logging out. */
export async function providerLogout(
  { tools, providers, processLog }: Pick<AuthenticationTools, 'tools' | 'providers' | 'processLog'>,
  { loginId }: Viewer,
): Promise<string | null> {
  const { state } = await readState(tools.log, loginDecider, loginId);
  if (state.status === 'absent' || state.login.identityId === null) return null;
  const { identityId, provider: name } = state.login;
  const subject = (await knownIdentity(tools.log, identityId))?.subject;
  const provider = await providers.redirect(name);
  if (provider === null || typeof subject !== 'string') return null;
  try {
    return await provider.logout(subject);
  } catch (error) {
    if (!(error instanceof SallyportError && error.kind === 'unavailable')) throw error;
    processLog.warn('an identity provider could not be asked where to log out', {
      provider: name,
      error: error.message,
    });
    return null;
  }
}
