import { type Html, html } from '../../wire/html/html.ts';
import { pageAnswer } from '../../wire/html/page.ts';
import type { PendingAttempt, PendingMechanism } from './pending-cookie.ts';

export const webauthnScript = '/auth/webauthn.js';

/** The challenge to be met now: any one of its mechanisms meets it. */
export function stepPage({ mechanisms, provider, purpose }: PendingAttempt): Response {
  const [first, ...others] = [...mechanisms].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  if (first === undefined) return unmetPage();
  const body = html`<div class="card">
<h1>${headings[first.name]}</h1>
${formOf(first, provider, true)}
</div>
${others.map((other) => html`<div class="card"><h2>Or: ${headings[other.name].toLowerCase()}</h2>${formOf(other, provider, false)}</div>`)}
<p class="soft">${purpose === 'login' ? html`<a href="/auth/login">Begin anew</a>` : html`<a href="/auth/account">Back to your account</a>`}</p>`;
  return pageAnswer({ title: headings[first.name], body });
}

/** What comes to hand first stands first. */
const order: readonly PendingMechanism['name'][] = ['UP', 'IDP', 'WebAuthn', 'OATH', 'RC'];

const headings: Readonly<Record<PendingMechanism['name'], string>> = {
  UP: 'Enter your password',
  IDP: 'Log in at your provider',
  WebAuthn: 'Use your security key',
  OATH: 'Enter your code',
  RC: 'Use a recovery code',
};

function formOf({ id, name }: PendingMechanism, provider: string | null, first: boolean): Html {
  const focus = first ? html` autofocus` : null;
  switch (name) {
    case 'UP':
      return answerForm(
        id,
        html`<label for="a-${id}">Password</label>
<input id="a-${id}" name="answer" type="password" autocomplete="current-password" required${focus}>`,
        first,
      );
    case 'OATH':
      return answerForm(
        id,
        html`<label for="a-${id}">Six digits from your authenticator app</label>
<input class="code" id="a-${id}" name="answer" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required${focus}>`,
        first,
      );
    case 'RC':
      return answerForm(
        id,
        html`<label for="a-${id}">Recovery code</label>
<input class="mono" id="a-${id}" name="answer" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="64" required${focus}>
<p class="hint">It works once; cross it off your list.</p>`,
        first,
      );
    case 'WebAuthn':
      return beginForm(
        id,
        'A security key, your fingerprint or your screen lock: what you enrolled.',
        'Use it now',
        first,
      );
    case 'IDP':
      return beginForm(id, 'You come back here by yourself.', `Continue with ${provider ?? 'your provider'}`, first);
  }
}

function answerForm(id: string, field: Html, first: boolean): Html {
  return html`<form method="post" action="/auth/step"><input type="hidden" name="mechanism" value="${id}">
<div class="field">${field}</div><button class="full${first ? null : ' second'}">Continue</button></form>`;
}

function beginForm(id: string, text: string, label: string, first: boolean): Html {
  return html`<p class="soft">${text}</p><form method="post" action="/auth/step/begin">
<button class="full${first ? null : ' second'}" name="mechanism" value="${id}">${label}</button></form>`;
}

/** The script has the browser sign `options`, and sends the form. */
export function signingPage(
  options: string,
  mechanismId: string,
  headers: readonly (readonly [string, string])[],
): Response {
  const body = html`<div class="card">
<h1>Use your security key</h1>
<p class="lead">Your browser asks for it: touch the key, or unlock this device.</p>
${needsScript}
<form method="post" action="/auth/step" data-webauthn="get" data-options="${options}">
<input type="hidden" name="mechanism" value="${mechanismId}"><input type="hidden" name="answer">
<p class="note bad" role="alert" data-problem hidden></p>
<button class="full">Ask again</button></form>
</div>
<p class="soft"><a href="/auth/step">Another way</a> · <a href="/auth/login">Begin anew</a></p>`;
  return pageAnswer({ title: 'Use your security key', body, script: webauthnScript, headers });
}

export const needsScript = html`<noscript><div class="note bad"><p>Security keys need JavaScript, and it is switched off in this browser. Everything
else here works without.</p></div></noscript>`;

function unmetPage(): Response {
  const body = html`<div class="card"><h1>There is no way on</h1>
<p>Nothing that you have enrolled answers what is asked here. Ask an administrator for recovery codes.</p>
<p class="actions"><a class="button" href="/auth/login">Begin anew</a></p></div>`;
  return pageAnswer({ title: 'There is no way on', body, status: 403 });
}
