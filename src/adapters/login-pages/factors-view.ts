import type { Viewer } from '../../application/ports/application-face.ts';
import { type Html, html } from '../../wire/html/html.ts';
import { pageAnswer } from '../../wire/html/page.ts';
import { signOutCorner } from './account-view.ts';
import { qrCode } from './qr-code.ts';
import type { FactorChange } from './pending-cookie.ts';
import { needsScript, webauthnScript } from './step-view.ts';

const back = html`<p class="soft"><a href="/auth/account">Back to your account</a></p>`;

interface TotpView {
  readonly label: string;
  readonly secret: string;
  readonly uri: string;
  readonly sealed: string;
}

/** The secret of an authenticator app, and the first code that shows it arrived. */
export function totpPage(viewer: Viewer, { label, secret, uri, sealed }: TotpView): Response {
  const body = html`<div class="card">
<h1>Add an authenticator app</h1>
<p>Scan this with your app, for “${label}”. It is shown this once.</p>
${qrCode(uri, 'QR code of the key that stands below as text')}
<p>Or type this key into it:</p>
<code class="secret">${secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
<p class="hint">The kind is time-based, six digits. On the phone that has the app: <a href="${uri}">open it there</a>.</p>
</div><div class="card">${codeForm(sealed)}</div>${back}`;
  return pageAnswer({ title: 'Add an authenticator app', body, corner: signOutCorner(viewer) });
}

/** The code was wrong. */
export function codePage(viewer: Viewer, sealed: string, problem: string): Response {
  const body = html`<div class="card"><h1>Add an authenticator app</h1>
<div class="note bad" role="alert"><p>${problem}</p></div>${codeForm(sealed)}</div>${back}`;
  return pageAnswer({ title: 'Add an authenticator app', body, status: 422, corner: signOutCorner(viewer) });
}

function codeForm(sealed: string): Html {
  return html`<form method="post" action="/auth/account/totp/finish"><input type="hidden" name="sealed" value="${sealed}">
<div class="field"><label for="code">The six digits that it shows now</label>
<input class="code" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required autofocus></div>
<button class="full">Enrol</button></form>`;
}

/** The script has the browser make a credential, and sends the form. */
export function webauthnPage(
  viewer: Viewer,
  { label, options, sealed }: { readonly label: string; readonly options: string; readonly sealed: string },
): Response {
  const body = html`<div class="card">
<h1>Add a security key</h1>
<p class="lead">Your browser asks for “${label}”: touch the key, or unlock this device.</p>
${needsScript}
<form method="post" action="/auth/account/webauthn/finish" data-webauthn="create" data-options="${options}">
<input type="hidden" name="sealed" value="${sealed}"><input type="hidden" name="answer">
<p class="note bad" role="alert" data-problem hidden></p>
<button class="full">Ask again</button></form></div>${back}`;
  return pageAnswer({ title: 'Add a security key', body, corner: signOutCorner(viewer), script: webauthnScript });
}

const goOns: Readonly<Record<FactorChange['to'], string>> = {
  totp: 'Add an authenticator app',
  webauthn: 'Add a security key',
  'recovery-codes': 'Show ten recovery codes',
  'remove-factor': 'Remove the factor',
};

/** A fresh factor was shown: the change that asked for it, once more. */
export function goOnPage(viewer: Viewer, change: FactorChange): Response {
  const fields = Object.entries(change).filter(([name]) => name !== 'to');
  const body = html`<div class="card"><h1>It is you</h1>
<p class="lead">Go on with what you began. This counts once, for a few minutes.</p>
<form method="post" action="/auth/account/${change.to}">${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button class="full${change.to === 'remove-factor' ? ' danger' : null}" autofocus>${goOns[change.to]}</button></form></div>${back}`;
  return pageAnswer({ title: goOns[change.to], body, corner: signOutCorner(viewer) });
}

/** Recovery codes, this once. */
export function codesPage(viewer: Viewer, codes: readonly string[]): Response {
  const body = html`<div class="card">
<h1>Your recovery codes</h1>
<p>Print them or write them down now; they are not shown again. Each works once, when nothing else is at hand.</p>
<ul class="codes mono">${codes.map((code) => html`<li>${code}</li>`)}</ul>
<p class="actions"><a class="button" href="/auth/account">I have them</a></p></div>`;
  return pageAnswer({ title: 'Your recovery codes', body, corner: signOutCorner(viewer) });
}
