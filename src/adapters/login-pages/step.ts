import type { RequestContext, Route } from '../../application/ports/http-route.ts';
import { nothingPending } from './answers.ts';
import { longest, type PageDeps } from './deps.ts';
import { formFields } from './form-fields.ts';
import { beginOne } from './login.ts';
import { openForm, openPage } from './page-route.ts';
import { attemptOf } from './pending-cookie.ts';
import { follow } from './progress.ts';
import { stepPage } from './step-view.ts';

/** `/auth/step`: every challenge after the first. */
export function stepRoutes(deps: PageDeps): readonly Route[] {
  return [
    openPage('/auth/step', async (request) => {
      const attempt = attemptOf(deps.sealing, request);
      return attempt === null ? nothingPending() : stepPage(attempt);
    }),
    openForm('/auth/step', async (request, context) => answerStep(deps, request, context)),
    openForm('/auth/step/begin', async (request, context) => beginStep(deps, request, context)),
  ];
}

async function answerStep(deps: PageDeps, request: Request, { source }: RequestContext): Promise<Response> {
  const { mechanism, answer } = await formFields(request, { mechanism: longest.id, answer: longest.answer });
  const attempt = attemptOf(deps.sealing, request);
  if (attempt === null) return nothingPending();
  const { authenticationId, begun } = attempt;
  const round = begun?.mechanismId === mechanism ? begun.round : null;
  const progress = await deps.face.advanceAuthentication({
    authenticationId,
    mechanismId: mechanism,
    answer,
    round,
    source,
  });
  return follow(deps, attempt, progress, 'own-form');
}

async function beginStep(deps: PageDeps, request: Request, { source }: RequestContext): Promise<Response> {
  const { mechanism } = await formFields(request, { mechanism: longest.id });
  const attempt = attemptOf(deps.sealing, request);
  return attempt === null ? nothingPending() : beginOne(deps, attempt, mechanism, source);
}
