import type { Route } from '../../application/ports/http-route.ts';
import type { Refused } from '../../application/ports/application-face.ts';
import { html } from '../../wire/html/html.ts';
import { pageAnswer } from '../../wire/html/page.ts';
import { nothingPending, seeOther, textOf } from './answers.ts';
import { longest, type PageDeps } from './deps.ts';
import { loginWithNewPassword } from './destination.ts';
import { formFields } from './form-fields.ts';
import { openForm, openPage } from './page-route.ts';
import { clearedPending, type Pending, pendingCookie, pendingOf } from './pending-cookie.ts';

type Place = '/auth/new-password' | '/auth/reset';

/** A password that must be changed, and the one-time link of an administrator: both end in two fields. */
export function newPasswordRoutes(deps: PageDeps): readonly Route[] {
  return [
    ...placeRoutes(deps, '/auth/new-password', (pending, password) =>
      pending.kind === 'new-password'
        ? deps.face.changePassword({ authenticationId: pending.authenticationId, password })
        : null,
    ),
    ...placeRoutes(deps, '/auth/reset', (pending, password) =>
      pending.kind === 'reset' ? deps.face.resetPassword({ link: pending.link, password }) : null,
    ),
  ];
}

function placeRoutes(
  deps: PageDeps,
  place: Place,
  set: (pending: Pending, password: string) => Promise<{ readonly ok: true } | Refused> | null,
): readonly Route[] {
  const kind = place === '/auth/reset' ? 'reset' : 'new-password';
  return [
    openPage(place, async (request) => {
      const link = new URL(request.url).searchParams.get('link');
      if (kind === 'reset' && link !== null && isOpened(request)) return exchange(deps, link);
      return pendingOf(deps.sealing, request)?.kind === kind ? formPage(place, null) : nothingPending();
    }),
    openForm(place, async (request) => {
      const { password, again } = await formFields(request, { password: longest.answer, again: longest.answer });
      const pending = pendingOf(deps.sealing, request);
      if (pending?.kind !== kind) return nothingPending();
      if (password !== again) return formPage(place, 'The two passwords are not the same.');
      const done = await set(pending, password);
      if (done === null) return nothingPending();
      if (!done.ok) return formPage(place, textOf(done.errors));
      const destination = pending.kind === 'new-password' ? pending.destination : ({ to: 'ui', path: '/ui' } as const);
      return seeOther(loginWithNewPassword(destination), [clearedPending]);
    }),
  ];
}

/** Not as a picture or a frame of another site, which would take the place of what this browser has pending. */
function isOpened(request: Request): boolean {
  return (request.headers.get('sec-fetch-dest') ?? 'document') === 'document';
}

/** The secret leaves the address at once: it goes into the cookie of this browser. `no-referrer` stands on every answer that is no page. */
function exchange({ sealing }: PageDeps, link: string): Response {
  const cookie = link.length > longest.link ? null : pendingCookie(sealing, { kind: 'reset', link });
  return cookie === null ? nothingPending() : seeOther('/auth/reset', [cookie]);
}

function formPage(place: Place, problem: string | null): Response {
  const title = 'Choose a new password';
  const body = html`<div class="card">
<h1>${title}</h1>
<p class="lead">${place === '/auth/reset' ? 'The link works once.' : 'The one you have was given to you and must be changed.'}</p>
${problem === null ? null : html`<div class="note bad" role="alert"><p>${problem}</p></div>`}
<form method="post" action="${place}">
<div class="field"><label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" maxlength="1024" aria-describedby="rules" required autofocus>
<p class="hint" id="rules">Long is good: a few words that do not belong together.</p></div>
<div class="field"><label for="again">The same once more</label>
<input id="again" name="again" type="password" autocomplete="new-password" maxlength="1024" required></div>
<button class="full">Set the password</button>
</form></div>`;
  return pageAnswer({ title, body, status: problem === null ? 200 : 422 });
}
