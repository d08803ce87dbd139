import type { Application, Viewer } from '../ports/application-face.ts';
import type { GrantAsked } from '../ports/device-grants.ts';
import type { LoginFace } from '../ports/login-face.ts';
import type { OpenedByGrant } from './device-flow.ts';

/**
 * What an approved grant opens: a login at the command line; at the SSH proxy a token for SSH, which whoever logs in there
 * never gets to see. Null: the policy gives that person no token like this.
 */
export async function openGranted(
  application: Pick<LoginFace, 'openLoginFor'> & Pick<Application, 'issueTemporaryToken'>,
  viewer: Viewer,
  { door, source }: GrantAsked,
): Promise<OpenedByGrant | null> {
  if (door === 'cli') {
    const { loginId, secret, expiresAt } = await application.openLoginFor(viewer, { door, source });
    return { passId: loginId, secret, expiresAt };
  }
  const wish = { ttlSeconds: null, protocols: ['ssh'], target: null, freshFactor: null } as const;
  const issued = await application.issueTemporaryToken(viewer, wish);
  return issued.ok ? { passId: issued.token.id, secret: issued.secret, expiresAt: issued.token.expiresAt } : null;
}
