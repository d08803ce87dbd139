import type { Viewer } from '../../application/ports/application-face.ts';
import type { DeviceGrants, ShownGrant } from '../../application/ports/device-grants.ts';
import type { Route } from '../../application/ports/http-route.ts';
import { type Html, html } from '../../wire/html/html.ts';
import { pageAnswer } from '../../wire/html/page.ts';
import { signOutCorner } from './account-view.ts';
import { seeOther, textOf } from './answers.ts';
import { longest } from './deps.ts';
import { formFields } from './form-fields.ts';
import { ownForm, ownPage } from './page-route.ts';
import { timeOf } from './times.ts';

const path = '/auth/device';

/**
 * The user's side of the device flow (RFC 8628, section 3.3). The code in the address only fills in the page: who asks and
 * from where is shown first, and nothing happens without the form (section 5.4).
 */
export function devicePageRoutes(grants: DeviceGrants): readonly Route[] {
  return [
    ownPage(path, async (request, { viewer }) => {
      const code = new URL(request.url).searchParams.get('user_code');
      return code === null || code === '' ? askPage(viewer, '', null) : showGrant(grants, viewer, code);
    }),
    ownForm(path, async (request, { viewer }) => {
      const { code, answer } = await formFields(request, { code: longest.name, answer: longest.id });
      if (answer !== 'confirm' && answer !== 'refuse') return showGrant(grants, viewer, code);
      const confirmed = answer === 'confirm';
      const done = confirmed ? await grants.approve(viewer, code) : await grants.deny(viewer, code);
      if (!done.ok) return askPage(viewer, '', textOf(done.errors));
      return seeOther(`/auth/account?done=${confirmed ? 'approved' : 'denied'}`);
    }),
  ];
}

async function showGrant(grants: DeviceGrants, viewer: Viewer, typed: string): Promise<Response> {
  const code = typed.trim();
  const grant = await grants.find(viewer, code);
  if (grant === null)
    return askPage(viewer, code, 'Nothing waits under this code. Codes last 10 minutes; look at yours again.');
  return grantPage(viewer, grant);
}

function askPage(viewer: Viewer, code: string, problem: string | null): Response {
  const body = html`<div class="card"><h1>Confirm a login</h1>
<p class="lead">Type the code that the command line shows.</p>
${problem === null ? null : html`<div class="note bad" role="alert"><p>${problem}</p></div>`}
<form method="post" action="${path}">
<div class="field"><label for="code">Code</label>
<input class="code" id="code" name="code" value="${code}" placeholder="BCDF-GHJK" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="32" required autofocus></div>
<button class="full">Next</button></form></div>`;
  const status = problem === null ? 200 : 422;
  return pageAnswer({ title: 'Confirm a login', body, status, corner: signOutCorner(viewer) });
}

function grantPage(viewer: Viewer, grant: ShownGrant): Response {
  const body = html`<div class="card"><h1>Is this you?</h1>
<p class="usercode mono">${grant.userCode}</p>
<p>The same code must stand where you started. If you started nothing, somebody is trying to log in as you: refuse.</p>
<dl>${rowsOf(grant)}</dl>
<div class="note"><p>Whoever sees this code there is logged in as <strong>${viewer.userName}</strong>.</p></div>
<div class="stack">${decision(grant, 'confirm', 'Yes, log me in there', 'full')}${decision(grant, 'refuse', 'No, refuse', 'full danger')}</div></div>`;
  return pageAnswer({ title: 'Confirm a login', body, corner: signOutCorner(viewer) });
}

function rowsOf({ door, client, source, userName, target, askedAt }: ShownGrant): readonly Html[] {
  const rows: readonly (readonly [string, Html | string | null])[] = [
    ['Where', door === 'cli' ? 'A command line' : 'An SSH client'],
    ['It calls itself', client],
    ['From', source],
    ['As', userName],
    ['To reach', target],
    ['Asked', timeOf(askedAt)],
  ];
  return rows.filter(([, value]) => value !== null).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
}

function decision({ userCode }: ShownGrant, answer: string, label: string, kind: string): Html {
  return html`<form method="post" action="${path}"><input type="hidden" name="code" value="${userCode}">
<button class="${kind}" name="answer" value="${answer}">${label}</button></form>`;
}
