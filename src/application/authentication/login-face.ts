import type { LoginActivity } from '../commands/login-activity.ts';
import type { LoginFace } from '../ports/login-face.ts';
import { advanceAuthentication } from './advance.ts';
import { ofHandle, withHandle } from './attempt-handle.ts';
import { beginMechanism } from './begin-mechanism.ts';
import { changePassword } from './change-password.ts';
import { loginProviders } from './chosen-provider.ts';
import { unlinkIdentity } from './link.ts';
import { ownIdentities, providerLogout } from './own-identities.ts';
import { closeEverything, closeLogin, openLoginFor, ownLogins } from './own-logins.ts';
import { offerPasswordReset, resetPassword } from './reset-password.ts';
import { startAuthentication } from './start.ts';
import { startFreshFactor, startLink } from './start-own.ts';
import type { AuthenticationTools } from './tools.ts';

/** Logging in, as every door sees it. */
export function loginFace(deps: AuthenticationTools, activity: LoginActivity): LoginFace {
  const opened = async <T extends { readonly authenticationId: string }>(wish: T): Promise<T> => ({
    ...wish,
    authenticationId: await ofHandle(deps, wish.authenticationId),
  });
  return {
    loginProviders: () => loginProviders(deps),
    startAuthentication: async (wish) => withHandle(deps, await startAuthentication(deps, wish)),
    startFreshFactor: (viewer, wish) => startFreshFactor(deps, viewer, wish),
    startLink: async (viewer, wish) => {
      const started = await startLink(deps, viewer, wish);
      return started.ok ? withHandle(deps, started) : started;
    },
    beginMechanism: async (wish) => beginMechanism(deps, await opened(wish)),
    advanceAuthentication: async (wish) => {
      const progress = await advanceAuthentication(deps, await opened(wish));
      return progress.status === 'shown' ? { ...progress, authenticationId: wish.authenticationId } : progress;
    },
    changePassword: async (wish) => changePassword(deps, await opened(wish)),
    resetPassword: (wish) => resetPassword(deps, wish),
    offerPasswordReset: (viewer, userName) => offerPasswordReset(deps, viewer, userName),
    openLoginFor: (viewer, wish) => openLoginFor(deps, viewer, wish),
    ownLogins: (viewer) => ownLogins(deps, viewer),
    closeLogin: (viewer, loginId) => closeLogin(deps, activity, viewer, loginId),
    closeEverything: (viewer, exceptThis) => closeEverything(deps, activity, viewer, exceptThis),
    ownIdentities: (viewer) => ownIdentities(deps, viewer),
    unlinkIdentity: (viewer, identityId) => unlinkIdentity(deps, viewer, identityId),
    providerLogout: (viewer) => providerLogout(deps, viewer),
  };
}
