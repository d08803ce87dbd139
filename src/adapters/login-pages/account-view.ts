import type { Viewer } from '../../application/ports/application-face.ts';
import type { OwnFactor, OwnIdentity, OwnLogin, ShownProvider } from '../../application/ports/login-face.ts';
import { type Html, html } from '../../wire/html/html.ts';
import { pageAnswer } from '../../wire/html/page.ts';
import { factorsCard } from './account-factors.ts';
import { loginsCard } from './account-logins.ts';
import { identitiesCard } from './account-identities.ts';

export interface AccountView {
  readonly viewer: Viewer;
  readonly logins: readonly OwnLogin[];
  readonly identities: readonly OwnIdentity[];
  readonly factors: readonly OwnFactor[];
  readonly providers: readonly ShownProvider[];
  readonly done: string | null;
}

/** What belongs to one's own login. */
export function accountPage({ viewer, logins, identities, factors, providers, done }: AccountView): Response {
  const body = html`<h1>Your account</h1>
<p class="lead">You are <strong>${viewer.userName}</strong>${rolesOf(viewer)}. <a href="/ui/my/security">Back to Security</a></p>
${done === null ? null : html`<div class="note good" role="status"><p>${done}</p></div>`}
<section class="card" aria-labelledby="connect"><h2 id="connect">Connect</h2>
<p>Servers and databases, temporary tokens and terminals stand under <a href="/ui">My access</a>.</p>
<p class="soft">The same on the command line:</p>
<pre>sallyport ls
sallyport token create</pre></section>
${factorsCard(factors)}
${identitiesCard(identities, providers)}
${loginsCard(logins)}`;
  return pageAnswer({ title: 'Your account', body, wide: true, corner: signOutCorner(viewer) });
}

/** For every page of somebody logged in. */
export function signOutCorner(viewer: Viewer): Html {
  return html`<form method="post" action="/auth/account/sign-out"><button class="second small" title="${viewer.userName}">Sign out</button></form>`;
}

function rolesOf({ roles }: Viewer): string {
  return roles.length === 0 ? '' : ` (${roles.join(', ')})`;
}
