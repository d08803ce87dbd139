import { html } from '../../wire/html/html.ts';
import { problemPage } from '../../wire/html/page.ts';
import type { PageDeps } from './deps.ts';
import { loginPage } from './login-view.ts';
import { clearedPending, type PendingAttempt } from './pending-cookie.ts';

/** An attempt has ended without success: the page on which the person begins anew. */
export async function attemptFailed(
  { face }: PageDeps,
  { purpose, destination }: PendingAttempt,
  problem: string,
  userName: string,
): Promise<Response> {
  if (purpose !== 'login') return accountProblem(problem);
  return loginPage({ destination, userName, problem, providers: await face.loginProviders(), done: null });
}

/** Something on the account page was refused. */
export function accountProblem(message: string, status = 422): Response {
  const way = html`<p class="actions"><a class="button" href="/auth/account">Back to your account</a></p>`;
  const page = problemPage(status, 'That did not work', message, way);
  page.headers.append('set-cookie', clearedPending);
  return page;
}
