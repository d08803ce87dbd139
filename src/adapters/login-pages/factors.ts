import type { Refusal, Viewer } from '../../application/ports/application-face.ts';
import type { Route, ViewerContext } from '../../application/ports/http-route.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { sameJson } from '../../domain/kernel/json.ts';
import { nothingSuch } from './account.ts';
import { seeOther, textOf } from './answers.ts';
import { longest, type PageDeps } from './deps.ts';
import { accountProblem } from './failed.ts';
import { codePage, codesPage, goOnPage, totpPage, webauthnPage } from './factors-view.ts';
import { formFields } from './form-fields.ts';
import { attemptOfStart } from './login.ts';
import { ownForm, ownPage } from './page-route.ts';
import { type FactorChange, pendingOf } from './pending-cookie.ts';
import { keep } from './progress.ts';

/** A new credential, as JSON and percent-encoded; some authenticators send a certificate along. */
const credentialLimit = 65_536;
const sealedLimit = 4_096;

/** Enrolling and removing second factors. */
export function factorPageRoutes(deps: PageDeps): readonly Route[] {
  const base = '/auth/account';
  return [
    ownPage(`${base}/factor`, async (request, { viewer }) => goOn(deps, request, viewer)),
    ownForm(`${base}/totp`, async (request, context) => beginTotp(deps, request, context)),
    ownForm(`${base}/totp/finish`, async (request, context) => finishTotp(deps, request, context)),
    ownForm(`${base}/webauthn`, async (request, context) => beginWebauthn(deps, request, context)),
    ownForm(
      `${base}/webauthn/finish`,
      async (request, context) => finishWebauthn(deps, request, context),
      credentialLimit,
    ),
    ownForm(`${base}/recovery-codes`, async (request, context) => drawCodes(deps, request, context)),
    ownForm(`${base}/remove-factor`, async (request, context) => remove(deps, request, context)),
  ];
}

/** After a fresh factor was shown. */
function goOn({ sealing }: PageDeps, request: Request, viewer: Viewer): Response {
  const pending = pendingOf(sealing, request);
  return pending?.kind === 'shown' ? goOnPage(viewer, pending.change) : seeOther('/auth/account');
}

/** The authentication by which this browser showed a factor for this change; null: none. */
function freshFactor({ sealing }: PageDeps, request: Request, change: FactorChange): string | null {
  const pending = pendingOf(sealing, request);
  return pending?.kind === 'shown' && sameJson(pending.change, change) ? pending.authenticationId : null;
}

/** Why a change is not made, or the way to show the factor that it needs first. */
async function refusal(
  deps: PageDeps,
  { viewer, source }: ViewerContext,
  change: FactorChange,
  errors: readonly Refusal[],
): Promise<Response> {
  if (!errors.some(({ code }) => code === 'fresh-factor-needed')) return accountProblem(textOf(errors));
  const started = await deps.face.startFreshFactor(viewer, { for: 'factors', door: 'web', source });
  if (!started.ok) return accountProblem(textOf(started.errors));
  const attempt = attemptOfStart('fresh-factor', started, null, { to: 'account' });
  return seeOther('/auth/step', [keep(deps, { ...attempt, change })]);
}

async function beginTotp(deps: PageDeps, request: Request, context: ViewerContext): Promise<Response> {
  const { label } = await formFields(request, { label: longest.label });
  const { viewer } = context;
  const change = { to: 'totp', label } as const;
  const begun = await deps.face.beginTotp(viewer, label, freshFactor(deps, request, change));
  return begun.ok ? totpPage(viewer, { ...begun, label }) : refusal(deps, context, change, begun.errors);
}

async function finishTotp({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const { sealed, code } = await formFields(request, { sealed: sealedLimit, code: longest.name });
  const enrolled = await face.finishTotp(viewer, { sealed, code });
  // The key is in the app already: another code of it may be right.
  return enrolled.ok ? seeOther('/auth/account?done=enrolled') : codePage(viewer, sealed, textOf(enrolled.errors));
}

async function beginWebauthn(deps: PageDeps, request: Request, context: ViewerContext): Promise<Response> {
  const { label } = await formFields(request, { label: longest.label });
  const { viewer } = context;
  const change = { to: 'webauthn', label } as const;
  const begun = await deps.face.beginWebauthn(viewer, label, freshFactor(deps, request, change));
  return begun.ok ? webauthnPage(viewer, { ...begun, label }) : refusal(deps, context, change, begun.errors);
}

async function finishWebauthn({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const { sealed, answer } = await formFields(request, { sealed: sealedLimit, answer: credentialLimit });
  const enrolled = await face.finishWebauthn(viewer, { sealed, credential: answer });
  return enrolled.ok ? seeOther('/auth/account?done=enrolled') : accountProblem(textOf(enrolled.errors));
}

async function drawCodes(deps: PageDeps, request: Request, context: ViewerContext): Promise<Response> {
  const { viewer } = context;
  const change = { to: 'recovery-codes' } as const;
  const drawn = await deps.face.drawRecoveryCodes(viewer, null, freshFactor(deps, request, change));
  return drawn.ok ? codesPage(viewer, drawn.codes) : refusal(deps, context, change, drawn.errors);
}

async function remove(deps: PageDeps, request: Request, context: ViewerContext): Promise<Response> {
  const { factor } = await formFields(request, { factor: longest.id });
  if (!isStreamIdOf('factor', factor)) return accountProblem(nothingSuch);
  const change = { to: 'remove-factor', factor } as const;
  const removed = await deps.face.removeFactor(context.viewer, factor, freshFactor(deps, request, change));
  return removed.ok ? seeOther('/auth/account?done=removed') : refusal(deps, context, change, removed.errors);
}
