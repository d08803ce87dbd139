import type { Route } from '../../application/ports/http-route.ts';
import { html } from '../../wire/html/html.ts';
import { problemPage } from '../../wire/html/page.ts';

const loginPage = '/auth/login';

/** Where somebody is led back to after logging in, when they asked for it before; what of it counts, the login page decides. */
const waitsFor = /^\/auth\/(account|device)$|^\/ui(?:\/|$)/;

/**
 * The refusal or error of a page as a page, from the same code and message that programs get; any other answer as it
 * is. Who is not logged in is led to the login page.
 */
export async function forPerson(
  response: Response,
  route: Route | undefined,
  request: { readonly method: string; readonly url: string },
): Promise<Response> {
  if (route?.page !== true || response.headers.get('content-type') !== 'application/json') return response;
  if (response.status === 401) return toLogin(request);
  const { errors } = (await response.json()) as { readonly errors: readonly { readonly message: string }[] };
  const message = errors.map((error) => error.message).join(' ');
  const way = html`<p class="actions"><a class="button second" href="${loginPage}">To the login page</a></p>`;
  const page = problemPage(response.status, headings[response.status] ?? 'This did not work', message, way);
  const retry = response.headers.get('retry-after');
  if (retry !== null) page.headers.set('retry-after', retry);
  return page;
}

const headings: Readonly<Record<number, string>> = {
  403: 'This is not allowed',
  404: 'There is nothing here',
  413: 'That was too much',
  429: 'Too many attempts',
  503: 'Not available at the moment',
};

function toLogin({ method, url }: { readonly method: string; readonly url: string }): Response {
  const { pathname, search, searchParams } = new URL(url, 'https://here.invalid');
  const query = new URLSearchParams();
  const [found, own] = (method === 'GET' ? waitsFor.exec(pathname) : null) ?? [];
  if (found !== undefined) query.set('to', own ?? `${pathname}${search}`);
  const code = searchParams.get('user_code');
  if (query.has('to') && code !== null) query.set('user_code', code);
  const location = query.size === 0 ? loginPage : `${loginPage}?${query.toString()}`;
  return new Response(null, { status: 303, headers: { location } });
}
