import type { Route, ViewerContext } from '../../application/ports/http-route.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { clearedCookie } from '../../wire/login-cookie.ts';
import { html } from '../../wire/html/html.ts';
import { pageAnswer } from '../../wire/html/page.ts';
import { accountPage } from './account-view.ts';
import { cookiesAsHeaders, seeOther, textOf } from './answers.ts';
import { longest, type PageDeps } from './deps.ts';
import { doneText } from './done.ts';
import { accountProblem } from './failed.ts';
import { formFields } from './form-fields.ts';
import { answerPassword, attemptOfStart, goElsewhere } from './login.ts';
import { ownForm, ownPage } from './page-route.ts';
import { clearedPending } from './pending-cookie.ts';

/** `/auth/account`: own logins and identities. */
export function accountRoutes(deps: PageDeps): readonly Route[] {
  return [
    ownPage('/auth/account', async (request, context) => show(deps, request, context)),
    ownForm('/auth/account/sign-out', async (_request, context) => signOut(deps, context)),
    ownForm('/auth/account/sign-out-everywhere', async (request, context) => signOutEverywhere(deps, request, context)),
    ownForm('/auth/account/close-login', async (request, context) => closeLogin(deps, request, context)),
    ownForm('/auth/account/link', async (request, context) => link(deps, request, context)),
    ownForm('/auth/account/unlink', async (request, context) => unlink(deps, request, context)),
  ];
}

async function show({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const [logins, identities, factors, providers] = await Promise.all([
    face.ownLogins(viewer),
    face.ownIdentities(viewer),
    face.ownFactors(viewer),
    face.loginProviders(),
  ]);
  const done = doneText(new URL(request.url).searchParams.get('done'));
  return accountPage({ viewer, logins, identities, factors, providers, done });
}

const clearedCookies = [clearedCookie, clearedPending];

async function signOut({ face }: PageDeps, { viewer }: ViewerContext): Promise<Response> {
  // A provider that does not answer keeps nobody logged in here.
  const elsewhere = await face.providerLogout(viewer).catch(() => null);
  await face.logout(viewer);
  if (elsewhere?.startsWith('https://') !== true) return seeOther('/auth/login?done=signed-out', clearedCookies);
  const body = html`<div class="card"><h1>You are signed out here</h1>
<p>Your provider still knows you, and would let this browser in again without asking.</p>
<p class="actions"><a class="button" href="${elsewhere}">Sign out there too</a><a class="button second" href="/auth/login">Log in again</a></p></div>`;
  return pageAnswer({ title: 'Signed out', body, headers: cookiesAsHeaders(clearedCookies) });
}

async function signOutEverywhere({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const { keep } = await formFields(request, { keep: longest.id });
  const exceptThis = keep === 'this';
  await face.closeEverything(viewer, exceptThis);
  return exceptThis ? seeOther('/auth/account?done=others') : seeOther('/auth/login?done=everywhere', clearedCookies);
}

async function closeLogin({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const { login } = await formFields(request, { login: longest.id });
  if (!isStreamIdOf('login', login)) return accountProblem(nothingSuch);
  const closed = await face.closeLogin(viewer, login);
  return closed.ok ? seeOther('/auth/account?done=closed') : accountProblem(textOf(closed.errors));
}

async function link(deps: PageDeps, request: Request, { viewer, source }: ViewerContext): Promise<Response> {
  const { provider, user, password } = await formFields(request, {
    provider: longest.name,
    user: longest.name,
    password: longest.answer,
  });
  const userName = user === '' ? null : user;
  const started = await deps.face.startLink(viewer, { provider, userName, door: 'web', source });
  if (!started.ok) return accountProblem(textOf(started.errors));
  const attempt = attemptOfStart('link', started, provider, { to: 'account' });
  if (attempt.mechanisms.some(({ name }) => name === 'IDP')) return goElsewhere(deps, attempt, source);
  return answerPassword(deps, attempt, { userName: user, password, source });
}

async function unlink({ face }: PageDeps, request: Request, { viewer }: ViewerContext): Promise<Response> {
  const { identity } = await formFields(request, { identity: longest.id });
  if (!isStreamIdOf('identity', identity)) return accountProblem(nothingSuch);
  const unlinked = await face.unlinkIdentity(viewer, identity);
  return unlinked.ok ? seeOther('/auth/account?done=unlinked') : accountProblem(textOf(unlinked.errors));
}

export const nothingSuch = 'There is nothing like that in your account.';
