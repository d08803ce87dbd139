import type { RequestContext, Route } from '../../application/ports/http-route.ts';
import type { BegunMechanism, StartedAuthentication } from '../../application/ports/login-face.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { cookiesAsHeaders, onward, seeOther } from './answers.ts';
import { longest, type PageDeps } from './deps.ts';
import { type Destination, destinationOf } from './destination.ts';
import { doneText } from './done.ts';
import { attemptFailed } from './failed.ts';
import { formFields } from './form-fields.ts';
import { loginPage } from './login-view.ts';
import { openForm, openPage } from './page-route.ts';
import type { PendingAttempt } from './pending-cookie.ts';
import { follow, keep, mechanismsOf } from './progress.ts';
import { signingPage } from './step-view.ts';

/** `GET` and `POST /auth/login`. */
export function loginRoutes(deps: PageDeps): readonly Route[] {
  return [
    openPage('/auth/login', async (request) => show(deps, request)),
    openForm('/auth/login', async (request, context) => logIn(deps, request, context)),
  ];
}

async function show({ face }: PageDeps, request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  return loginPage({
    providers: await face.loginProviders(),
    destination: destinationOf(searchParams.get('to'), searchParams.get('user_code')),
    userName: '',
    problem: null,
    done: doneText(searchParams.get('done')),
  });
}

async function logIn(deps: PageDeps, request: Request, { source }: RequestContext): Promise<Response> {
  const { user, password, provider, to, user_code } = await formFields(request, {
    user: longest.name,
    password: longest.answer,
    provider: longest.name,
    to: longest.destination,
    user_code: longest.name,
  });
  const destination = destinationOf(to, user_code);
  const chosen = provider === '' ? null : provider;
  const providers = await deps.face.loginProviders();
  const elsewhere = providers.some(({ name, manner }) => name === chosen && manner === 'redirect');
  const wish = { provider: chosen, door: 'web', clientId: null, source } as const;
  const started = await deps.face.startAuthentication({ ...wish, userName: elsewhere ? null : user });
  const attempt = attemptOfStart('login', started, chosen, destination);
  if (elsewhere) return goElsewhere(deps, attempt, source);
  return answerPassword(deps, attempt, { userName: user, password, source });
}

export function attemptOfStart(
  purpose: PendingAttempt['purpose'],
  { authenticationId, challenges }: StartedAuthentication,
  provider: string | null,
  destination: Destination,
): PendingAttempt {
  const mechanisms = mechanismsOf(challenges);
  return { kind: 'attempt', purpose, authenticationId, provider, mechanisms, begun: null, destination };
}

/** The first answer, to the form that asked for name and password. */
export async function answerPassword(
  deps: PageDeps,
  attempt: PendingAttempt,
  { userName, password, source }: { readonly userName: string; readonly password: string; readonly source: string },
): Promise<Response> {
  const mechanism = attempt.mechanisms.find(({ name }) => name === 'UP');
  // The challenge is another one than the form thought: it is asked on a page of its own.
  if (mechanism === undefined) return seeOther('/auth/step', [keep(deps, attempt)]);
  const { authenticationId } = attempt;
  const answer = { authenticationId, mechanismId: mechanism.id, answer: password, round: null, source };
  return follow(deps, attempt, await deps.face.advanceAuthentication(answer), 'own-form', userName);
}

/** To the provider's page. */
export async function goElsewhere(deps: PageDeps, attempt: PendingAttempt, source: string): Promise<Response> {
  const mechanism = attempt.mechanisms.find(({ name }) => name === 'IDP');
  if (mechanism === undefined) return seeOther('/auth/step', [keep(deps, attempt)]);
  return beginOne(deps, attempt, mechanism.id, source);
}

/** What an answer by this mechanism needs first: the provider's page, or a challenge for the browser to sign. */
export async function beginOne(
  deps: PageDeps,
  attempt: PendingAttempt,
  mechanismId: string,
  source: string,
): Promise<Response> {
  const { authenticationId } = attempt;
  const begun: BegunMechanism = await deps.face.beginMechanism({ authenticationId, mechanismId, source });
  if (begun.status === 'failed') {
    return attemptFailed(deps, attempt, begun.message, '');
  }
  const cookie = keep(deps, { ...attempt, begun: { mechanismId, round: begun.round } });
  if (begun.redirect === null) return signingPage(begun.options, mechanismId, cookiesAsHeaders([cookie]));
  if (!begun.redirect.startsWith('https://')) {
    throw new SallyportError(
      'unavailable',
      'wrong-address',
      'This provider has no HTTPS address; an administrator can mend it.',
    );
  }
  return onward(begun.redirect, `Going to ${attempt.provider ?? 'your provider'}`, [cookie]);
}
