import { createHash } from 'node:crypto';
import { type Html, html, literal, sourceOf } from './html.ts';
import { style } from './style.ts';

/** One page, shown to a person. */
export interface Page {
  /** In the title bar; the heading stands in the body. */
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** For lists; otherwise the page is as wide as a form. */
  readonly wide?: true;
  /** Right in the head line: who is logged in. */
  readonly corner?: Html;
  /** Address of the one script of the page, on this host. */
  readonly script?: string;
  /** Where the browser goes by itself, at once. */
  readonly onward?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

const styleHash = createHash('sha256').update(style).digest('base64');

/** A gate in a wall. */
const mark = literal(
  '<svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linejoin="round" aria-hidden="true">' +
    '<path d="M4 28V9l3-3h3v3h4V6h4v3h4V6h3l3 3v19z"/><path d="M11 28v-8a5 5 0 0 1 10 0v8M16 15v13"/></svg>',
);

/** The answer that shows a page. Nothing of it is kept by the browser, framed by others or sent to other hosts. */
export function pageAnswer(page: Page): Response {
  const headers = new Headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyOf(page),
    // With `no-referrer` browsers send `Origin: null` with a form, and no form could show that it is ours.
    'referrer-policy': 'same-origin',
  });
  for (const [name, value] of page.headers ?? []) headers.append(name, value);
  return new Response(sourceOf(documentOf(page)), { status: page.status ?? 200, headers });
}

function policyOf({ script }: Page): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    ...(script === undefined ? [] : ["script-src 'self'"]),
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function documentOf({ title, body, wide, corner, script, onward }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${onward === undefined ? null : html`<meta http-equiv="refresh" content="0; url=${onward}">`}
<title>${title} · Sallyport</title>
<style>${literal(style)}</style>
${script === undefined ? null : html`<script type="module" src="${script}"></script>`}
</head>
<body${wide === true ? null : literal(' class="narrow"')}>
<header><a class="brand" href="/">${mark}Sallyport</a>${corner ?? null}</header>
<main${wide === true ? literal(' class="wide"') : null}>
${body}
</main>
</body>
</html>
`;
}

/** Something went wrong, or was refused: what happened, and a way on. */
export function problemPage(status: number, heading: string, message: string, way: Html | null = null): Response {
  const body = html`<div class="card"><h1>${heading}</h1><p>${message}</p>${way}</div>`;
  return pageAnswer({ title: heading, status, body });
}
