import type { LoginActivity } from '../commands/logins.ts';
import type { LoginFace } from '../ports/login-face.ts';
import { advanceAuthentication } from './advance.ts';
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
  return {
    loginProviders: () => loginProviders(deps),
    startAuthentication: (wish) => startAuthentication(deps, wish),
    startFreshFactor: (viewer, wish) => startFreshFactor(deps, viewer, wish),
    startLink: (viewer, wish) => startLink(deps, viewer, wish),
    beginMechanism: (wish) => beginMechanism(deps, wish),
    advanceAuthentication: (wish) => advanceAuthentication(deps, wish),
    changePassword: (wish) => changePassword(deps, wish),
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
