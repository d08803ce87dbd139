import type { OwnLogin } from '../../application/ports/login-face.ts';
import { type Html, html } from '../../wire/html/html.ts';
import { providerLabel } from './login-view.ts';
import { timeOf } from './times.ts';

const doors: Readonly<Record<OwnLogin['door'], string>> = { web: 'Browser', cli: 'Command line' };

const factorNames: Readonly<Record<string, string>> = {
  UP: 'password',
  IDP: 'provider',
  OATH: 'authenticator app',
  WebAuthn: 'security key',
  RC: 'recovery code',
};

/** The own logins, and ending them. */
export function loginsCard(logins: readonly OwnLogin[]): Html {
  return html`<section class="card" aria-labelledby="logins"><h2 id="logins">Logins and devices</h2>
<p class="soft">Where you are logged in now. Sign out what you do not know, then change your password.</p>
<ul class="rows">${logins.map(loginRow)}</ul>
<div class="ways">
${everywhere('this', 'Sign out everywhere else', 'Every other login ends')}
${everywhere('none', 'Sign out everywhere', 'Every login ends, this one too')}
</div></section>`;
}

function everywhere(keep: 'this' | 'none', label: string, logins: string): Html {
  return html`<details class="danger"><summary>${label}</summary><div class="inside">
<p>${logins}, and your temporary tokens and registered keys are revoked. Sessions that rest on them end.</p>
<form method="post" action="/auth/account/sign-out-everywhere"><button class="danger" name="keep" value="${keep}">${label}</button></form>
</div></details>`;
}

function loginRow({ loginId, door, source, provider, factors, openedAt, expiresAt, current }: OwnLogin): Html {
  const by = factors.map((name) => factorNames[name] ?? name).join(' and ');
  const label = html`<strong>${doors[door]} at ${source}${current ? html` <span class="tag">this one</span>` : null}</strong>`;
  const end = html`<form method="post" action="/auth/account/close-login">
<button class="second small" name="login" value="${loginId}" aria-label="Sign out ${doors[door]} at ${source}">Sign out</button></form>`;
  return html`<li><div>${label}
<p class="soft">${providerLabel(provider)}, by ${by} · since ${timeOf(openedAt)} · until ${timeOf(expiresAt)} at the latest</p></div>${current ? null : end}</li>`;
}
