import type { IDToken } from 'openid-client';
import { ProviderProblem } from './problem.ts';

/** How far the provider's clock may be from ours, both ways, in seconds. */
export const clockToleranceSeconds = 30;

/** What openid-client leaves open of OpenID Connect Core 1.0 sections 2 and 3.1.3.7. Errors: ProviderProblem. */
export function checkIdToken(claims: IDToken, clientId: string): void {
  if (claims.azp !== undefined && claims.azp !== clientId) {
    throw new ProviderProblem('untrusted', 'the id token was issued to another client (azp)');
  }
  if (claims.iat > Date.now() / 1000 + clockToleranceSeconds) {
    throw new ProviderProblem(
      'untrusted',
      'the id token is from the future (iat): an administrator checks both clocks',
    );
  }
  if (!/^[\x20-\x7e]{1,255}$/.test(claims.sub)) {
    throw new ProviderProblem('untrusted', 'the subject in the id token is not one: 1 to 255 ASCII characters (sub)');
  }
}
