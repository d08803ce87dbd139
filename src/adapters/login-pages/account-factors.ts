import type { OwnFactor } from '../../application/ports/login-face.ts';
import { type Html, html } from '../../wire/html/html.ts';
import { timeOf } from './times.ts';

const kinds: Readonly<Record<OwnFactor['kind'], string>> = {
  totp: 'Authenticator app',
  webauthn: 'Security key',
  recovery: 'Recovery codes',
};

/** The own second factors, enrolling and removing them. */
export function factorsCard(factors: readonly OwnFactor[]): Html {
  const none = html`<div class="note"><p>Nothing is asked for here on top of what you log in with. Enrol a second factor.</p></div>`;
  const codes = factors.find(({ kind }) => kind === 'recovery');
  const real = factors.some(({ kind }) => kind !== 'recovery');
  return html`<section class="card" aria-labelledby="factors"><h2 id="factors">Second factors</h2>
<p class="soft">What you are asked for on top, once it is enrolled.</p>
${real ? null : none}
${factors.length === 0 ? null : html`<ul class="rows">${factors.map(factorRow)}</ul>`}
<div class="ways">
${enrolForm('totp', 'Add an authenticator app', 'phone')}
${enrolForm('webauthn', 'Add a security key', 'key on my ring')}
<details><summary>${codes === undefined ? 'Get recovery codes' : 'Get new recovery codes'}</summary><div class="inside">
<p>Ten codes for the day when nothing else is at hand; each works once.${codes === undefined ? null : ' The ones you have stop working.'}</p>
<form method="post" action="/auth/account/recovery-codes"><button>Show ten codes</button></form></div></details>
</div></section>`;
}

function enrolForm(kind: 'totp' | 'webauthn', summary: string, example: string): Html {
  return html`<details><summary>${summary}</summary><div class="inside"><form method="post" action="/auth/account/${kind}">
<div class="field"><label for="label-${kind}">A name to know it by</label>
<input id="label-${kind}" name="label" maxlength="64" placeholder="${example}" autocomplete="off" required></div>
<button>Next</button></form></div></details>`;
}

function factorRow({ factorId, kind, label, enrolledAt, lastUsedAt, left }: OwnFactor): Html {
  const name = kind === 'recovery' ? kinds[kind] : label;
  const remove = html`<details class="danger"><summary aria-label="Remove ${name}">Remove</summary><div class="inside">
<p>You are asked for it no more, and it opens nothing.</p>
<form method="post" action="/auth/account/remove-factor"><button class="danger" name="factor" value="${factorId}">Remove</button></form>
</div></details>`;
  const used = lastUsedAt === null ? html`never used` : html`last used ${timeOf(lastUsedAt)}`;
  const about = kind === 'recovery' ? `${String(left ?? 0)} left` : kinds[kind];
  return html`<li><div><strong>${name}</strong><p class="soft">${about} · since ${timeOf(enrolledAt)} · ${used}</p></div>${remove}</li>`;
}
