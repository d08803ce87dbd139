import type { PublicRoute } from '../../application/ports/http-route.ts';
import { html } from '../../wire/html/html.ts';
import { pageAnswer } from '../../wire/html/page.ts';

/** `GET /`: what this is and how to log in. No scripts. */
export function homePage(publicUrl: string): PublicRoute {
  return {
    method: 'GET',
    path: '/',
    access: 'public',
    page: true,
    handler: async () => pageAnswer({ title: 'Welcome', body: bodyOf(publicUrl), wide: true }),
  };
}

const bodyOf = (publicUrl: string) => html`<h1>Reach servers and databases with your own client</h1>
<p class="lead">Sallyport is an access platform: you log in once, get a temporary token, and connect with the client you already
use. The credential behind it never leaves this installation.</p>
<div class="actions"><a class="button" href="/auth/login">Log in</a><a class="button second" href="/auth/account">Your account</a></div>
<section class="card">
<h2>With the command line</h2>
<p class="soft"><code>ca.pem</code> is the CA certificate that your administrator gives you.</p>
<pre>npx sallyport login --server ${publicUrl} --ca ca.pem
npx sallyport token create
npx sallyport ls</pre>
<p>Then paste the token as the password of your own client, with the login name <code>NAME~TARGET</code>. <code>ls</code> prints
the line for each client.</p>
</section>`;
