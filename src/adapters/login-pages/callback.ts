import type { RequestContext, Route } from '../../application/ports/http-route.ts';
import { nothingPending } from './answers.ts';
import type { PageDeps } from './deps.ts';
import { formFields } from './form-fields.ts';
import { openForm, openPage } from './page-route.ts';
import { attemptOf } from './pending-cookie.ts';
import { follow } from './progress.ts';

/** A signed SAML answer with many groups, in base64 and percent-encoded. */
const samlLimit = 262_144;

/**
 * Where providers send the browser back to: OpenID Connect by GET, SAML by a form of the provider's own page. Counts only
 * in the browser that was sent there, for the provider that it was sent to (A5).
 */
export function callbackRoutes(deps: PageDeps): readonly Route[] {
  const path = '/auth/callback/:name';
  return [
    openPage(path, async (request, context) => finish(deps, request, context, {})),
    {
      ...openForm(path, async (request, context) => {
        const fields = await formFields(request, { SAMLResponse: samlLimit, RelayState: samlLimit });
        return finish(deps, request, context, fields);
      }),
      bodyLimit: samlLimit,
      fromElsewhere: true,
    },
  ];
}

async function finish(
  deps: PageDeps,
  request: Request,
  { params, source }: RequestContext,
  fields: Readonly<Record<string, string>>,
): Promise<Response> {
  const attempt = attemptOf(deps.sealing, request);
  const begun = attempt?.begun ?? null;
  if (attempt === null || begun === null || attempt.provider !== params.name) return nothingPending();
  const { authenticationId } = attempt;
  const progress = await deps.face.advanceAuthentication({
    authenticationId,
    mechanismId: begun.mechanismId,
    answer: { url: request.url, fields },
    round: begun.round,
    source,
  });
  return follow(deps, attempt, progress, 'provider');
}
