import type { DeviceGrants } from '../../application/ports/device-grants.ts';
import type { Route } from '../../application/ports/http-route.ts';
import type { IdentityProviders } from '../../application/ports/identity-providers.ts';
import { accountRoutes } from './account.ts';
import { webauthnRoute } from './assets.ts';
import { callbackRoutes } from './callback.ts';
import type { PageDeps } from './deps.ts';
import { devicePageRoutes } from './device.ts';
import { factorPageRoutes } from './factors.ts';
import { loginRoutes } from './login.ts';
import { newPasswordRoutes } from './new-password.ts';
import { samlMetadataRoute } from './saml-metadata.ts';
import { stepRoutes } from './step.ts';

/** The pages for people at `/auth/…` (docs/protocols/http.md, "Pages"). They work without scripts, security keys aside. */
export function loginPageRoutes(
  deps: PageDeps,
  grants: DeviceGrants,
  providers: Pick<IdentityProviders, 'serviceMetadata'>,
): readonly Route[] {
  return [
    ...loginRoutes(deps),
    ...stepRoutes(deps),
    ...callbackRoutes(deps),
    ...newPasswordRoutes(deps),
    ...accountRoutes(deps),
    ...factorPageRoutes(deps),
    ...devicePageRoutes(grants),
    samlMetadataRoute(providers),
    webauthnRoute(),
  ];
}
