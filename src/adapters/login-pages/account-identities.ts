import type { OwnIdentity, ShownProvider } from '../../application/ports/login-face.ts';
import { type Html, html } from '../../wire/html/html.ts';

/** The identities at providers that open this account, and adding one. */
export function identitiesCard(identities: readonly OwnIdentity[], providers: readonly ShownProvider[]): Html | null {
  const others = providers.filter(({ name }) => name !== 'local');
  if (identities.length === 0 && others.length === 0) return null;
  const none = html`<p class="soft">None: you log in with the password of this installation.</p>`;
  return html`<section class="card" aria-labelledby="identities"><h2 id="identities">Providers</h2>
<p class="soft">What you log in with elsewhere and is yours here.</p>
${identities.length === 0 ? none : html`<ul class="rows">${identities.map(identityRow)}</ul>`}
${others.length === 0 ? null : html`<div class="ways">${others.map(linkForm)}</div>`}</section>`;
}

function identityRow({ identityId, provider, username, standing }: OwnIdentity): Html {
  const active = standing === 'active' ? null : html` <span class="tag">${standing}</span>`;
  return html`<li><div><strong>${provider}${active}</strong><p class="soft">as ${username}</p></div>
<details class="danger"><summary aria-label="Unlink ${username} at ${provider}">Unlink</summary><div class="inside">
<p>${provider} opens your account no more. Logins and tokens that rest on it end.</p>
<form method="post" action="/auth/account/unlink"><button class="danger" name="identity" value="${identityId}">Unlink</button></form>
</div></details></li>`;
}

function linkForm({ name, manner }: ShownProvider): Html {
  if (manner === 'redirect') {
    return html`<form method="post" action="/auth/account/link"><button class="second small" name="provider" value="${name}">Link ${name}</button></form>`;
  }
  return html`<details><summary>Link ${name}</summary><div class="inside">
<form method="post" action="/auth/account/link"><input type="hidden" name="provider" value="${name}">
<div class="field"><label for="user-${name}">User name at ${name}</label>
<input id="user-${name}" name="user" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="256" required></div>
<div class="field"><label for="password-${name}">Password at ${name}</label>
<input id="password-${name}" name="password" type="password" autocomplete="off" maxlength="1024" required></div>
<button>Link</button></form></div></details>`;
}
