import type { Route, ViewerContext } from '../../application/ports/http-route.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { nothingSuch } from './account.ts';
import { seeOther, textOf } from './answers.ts';
import { longest, type PageDeps } from './deps.ts';
import { accountProblem } from './failed.ts';
import { codePage, codesPage, totpPage, webauthnPage } from './factors-view.ts';
import { formFields } from './form-fields.ts';
import { ownForm } from './page-route.ts';

/** A new credential, as JSON and percent-encoded; some authenticators send a certificate along. */
const credentialLimit = 65_536;
const sealedLimit = 4_096;

/** Enrolling and removing second factors. */
export function factorPageRoutes(deps: PageDeps): readonly Route[] {
  const base = '/auth/account';
  return [
    ownForm(`${base}/totp`, async (request, context) => beginTotp(deps, request, context)),
    ownForm(`${base}/totp/finish`, async (request, context) => finishTotp(deps, request, context)),
    ownForm(`${base}/webauthn`, async (request, context) => beginWebauthn(deps, request, context)),
    ownForm(
      `${base}/webauthn/finish`,
      async (request, context) => finishWebauthn(deps, request, context),
      credentialLimit,
    ),
    ownForm(`${base}/recovery-codes`, async (_request, context) => drawCodes(deps, context)),
    ownForm(`${base}/remove-factor`, async (request, context) => remove(deps, request, context)),
  ];
}

async function beginTotp({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const { label } = await formFields(request, { label: longest.label });
  const begun = await face.beginTotp(viewer, label);
  return begun.ok ? totpPage(viewer, { ...begun, label }) : accountProblem(textOf(begun.errors));
}

async function finishTotp({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const { sealed, code } = await formFields(request, { sealed: sealedLimit, code: longest.name });
  const enrolled = await face.finishTotp(viewer, { sealed, code });
  // The key is in the app already: another code of it may be right.
  return enrolled.ok ? seeOther('/auth/account?done=enrolled') : codePage(viewer, sealed, textOf(enrolled.errors));
}

async function beginWebauthn({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const { label } = await formFields(request, { label: longest.label });
  const begun = await face.beginWebauthn(viewer, label);
  return begun.ok ? webauthnPage(viewer, { ...begun, label }) : accountProblem(textOf(begun.errors));
}

async function finishWebauthn({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const { sealed, answer } = await formFields(request, { sealed: sealedLimit, answer: credentialLimit });
  const enrolled = await face.finishWebauthn(viewer, { sealed, credential: answer });
  return enrolled.ok ? seeOther('/auth/account?done=enrolled') : accountProblem(textOf(enrolled.errors));
}

async function drawCodes({ face }: PageDeps, { viewer }: ViewerContext): Promise<Response> {
  const drawn = await face.drawRecoveryCodes(viewer, null);
  return drawn.ok ? codesPage(viewer, drawn.codes) : accountProblem(textOf(drawn.errors));
}

async function remove({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const { factor } = await formFields(request, { factor: longest.id });
  if (!isStreamIdOf('factor', factor)) return accountProblem(nothingSuch);
  const removed = await face.removeFactor(viewer, factor);
  return removed.ok ? seeOther('/auth/account?done=removed') : accountProblem(textOf(removed.errors));
}
