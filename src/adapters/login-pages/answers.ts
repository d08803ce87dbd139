import { html } from '../../wire/html/html.ts';
import { pageAnswer, problemPage } from '../../wire/html/page.ts';
import type { Refusal } from '../../application/ports/application-face.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';

type Cookies = readonly string[];

/** After a form: the browser asks for an own page, so that loading it again sends nothing twice. */
export function seeOther(path: `/${string}`, cookies: Cookies = []): Response {
  const headers = new Headers({ location: path });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}

/**
 * A page that leads on by itself, and by a link. To a provider: `form-action` forbids a form to be redirected to another
 * host. From a provider: the login's cookie is SameSite=Strict, and goes along only when a page of ours asks.
 */
export function onward(url: string, heading: string, cookies: Cookies = []): Response {
  if (!url.startsWith('https://') && !/^\/(?!\/)/.test(url)) {
    throw new SallyportError('internal', 'wrong-address', 'An address to be led to is neither HTTPS nor ours.');
  }
  const body = html`<div class="card"><h1>${heading}</h1><p><a class="button" href="${url}">Continue</a></p></div>`;
  return pageAnswer({ title: heading, body, onward: url, headers: cookiesAsHeaders(cookies) });
}

export function cookiesAsHeaders(cookies: Cookies): readonly (readonly ['set-cookie', string])[] {
  return cookies.map((cookie) => ['set-cookie', cookie] as const);
}

export function textOf(errors: readonly Refusal[]): string {
  return errors.map(({ message }) => message).join(' ');
}

/** What belongs to no attempt of this browser. */
export function nothingPending(): Response {
  const way = html`<p class="actions"><a class="button" href="/auth/login">Log in</a></p>`;
  return problemPage(
    400,
    'This login cannot go on here',
    'It was begun in another browser, or too long ago, or answered already. Begin again.',
    way,
  );
}
