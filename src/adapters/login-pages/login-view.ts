import type { ShownProvider } from '../../application/ports/login-face.ts';
import { type Html, html } from '../../wire/html/html.ts';
import { pageAnswer } from '../../wire/html/page.ts';
import { type Destination, fieldsOf } from './destination.ts';
import { clearedPending } from './pending-cookie.ts';

export interface LoginView {
  readonly providers: readonly ShownProvider[];
  readonly destination: Destination;
  /** What was typed before. */
  readonly userName: string;
  /** Why the last try failed. */
  readonly problem: string | null;
  /** What was done just before. */
  readonly done: string | null;
}

/** The choice of a provider, and name and password. */
export function loginPage(view: LoginView): Response {
  const { providers, destination, problem, done } = view;
  const passwords = providers.filter(({ manner }) => manner === 'password');
  const redirects = providers.filter(({ manner }) => manner === 'redirect');
  const both = passwords.length > 0 && redirects.length > 0;
  const body = html`<div class="card">
<h1>Log in</h1>
<p class="lead">${destination.to === 'device' ? 'Then you can confirm the login that waits for you.' : 'To reach your servers and databases.'}</p>
${problem === null ? null : html`<div class="note bad" role="alert"><p>${problem}</p></div>`}
${done === null ? null : html`<div class="note good" role="status"><p>${done}</p></div>`}
${passwords.length === 0 ? null : passwordForm(view, passwords)}
${both ? html`<div class="or">or</div>` : null}
${redirects.length === 0 ? null : html`<div class="stack">${redirects.map(({ name }) => redirectForm(name, destination, both))}</div>`}
${providers.length === 0 ? html`<p>Nobody can log in here at the moment: no provider is enabled.</p>` : null}
</div>
<p class="soft">Forgot your password? An administrator can give you a link that sets a new one.</p>`;
  return pageAnswer({
    title: 'Log in',
    body,
    status: problem === null ? 200 : 401,
    headers: problem === null ? [] : [['set-cookie', clearedPending]],
  });
}

function passwordForm({ destination, userName }: LoginView, passwords: readonly ShownProvider[]): Html {
  const typed = userName !== '';
  return html`<form method="post" action="/auth/login">
${destinationFields(destination)}
${providerField(passwords)}
<div class="field"><label for="user">User name</label>
<input id="user" name="user" value="${userName}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256" required${typed ? null : html` autofocus`}></div>
<div class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required${typed ? html` autofocus` : null}></div>
<button class="full">Log in</button>
</form>`;
}

/** With one place for passwords, or the local one and one directory, the name says where it belongs. */
function providerField(passwords: readonly ShownProvider[]): Html | null {
  const [only] = passwords;
  if (passwords.length === 1 && only !== undefined) {
    return html`<input type="hidden" name="provider" value="${only.name}">`;
  }
  if (passwords.length === 2 && passwords.some(({ name }) => name === 'local')) return null;
  const options = passwords.map(({ name }) => html`<option value="${name}">${providerLabel(name)}</option>`);
  return html`<div class="field"><label for="provider">Where your account is</label>
<select id="provider" name="provider">${options}</select></div>`;
}

function redirectForm(name: string, destination: Destination, second: boolean): Html {
  return html`<form method="post" action="/auth/login">${destinationFields(destination)}
<button class="full${second ? ' second' : null}" name="provider" value="${name}">Continue with ${name}</button></form>`;
}

function destinationFields(destination: Destination): Html {
  const fields = Object.entries(fieldsOf(destination));
  return html`${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;
}

export function providerLabel(name: string): string {
  return name === 'local' ? 'This installation' : name;
}
