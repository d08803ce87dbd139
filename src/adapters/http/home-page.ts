import { createHash } from 'node:crypto';
import type { PublicRoute } from '../../application/ports/http-route.ts';

const style = `:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}
pre{overflow:auto;padding:.75rem 1rem;border:1px solid #8886;border-radius:.4rem}`;

const csp = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

function page(publicUrl: string): string {
  const url = escape(publicUrl);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sallyport</title><style>${style}</style></head>
<body>
<h1>Sallyport</h1>
<p>An access platform: people reach servers and databases with their own client and a temporary token, never with the credential behind it.</p>
<h2>Log in</h2>
<p>With the command line, where <code>ca.pem</code> is the CA certificate that your administrator gives you:</p>
<pre>npx sallyport login --server ${url} --ca ca.pem --user NAME
npx sallyport token create
npx sallyport ls</pre>
<p>Then paste the token as the password of your own client, with the login name <code>NAME~TARGET</code>. <code>ls</code> prints the line for each client.</p>
</body>
</html>
`;
}

/** `GET /`: what this is and how to log in. No scripts. */
export function homePage(publicUrl: string): PublicRoute {
  const html = page(publicUrl);
  return {
    method: 'GET',
    path: '/',
    access: 'public',
    handler: async () =>
      new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': csp } }),
  };
}
