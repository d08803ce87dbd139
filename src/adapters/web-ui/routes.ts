import { randomBytes } from 'node:crypto';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { Route } from '../../application/ports/http-route.ts';
import type { Asset, BuiltUi } from './built.ts';

/** What web/vite.config.ts writes where a nonce belongs. */
const noncePlace = /\bsallyport-nonce\b/g;

/**
 * The web UI under `/ui`. Its page holds nothing of anybody and needs a login only so that who has none is led to the
 * login page and back; all that it shows comes from GraphQL. `ui` null: it could not be built.
 */
export function webUiRoutes(ui: BuiltUi | null): readonly Route[] {
  const page = async (): Promise<Response> => {
    if (ui === null) throw notBuilt();
    const nonce = randomBytes(16).toString('base64');
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyWith(nonce),
      // With `no-referrer` browsers send `Origin: null` with a form, and none could show that it is ours.
      'referrer-policy': 'same-origin',
    };
    return new Response(ui.html.replaceAll(noncePlace, nonce), { headers });
  };
  return [
    { method: 'GET', path: '/', access: 'public', page: true, handler: async () => toUi() },
    { method: 'GET', path: '/ui', access: 'viewer', page: true, handler: page },
    { method: 'GET', path: '/ui/*', access: 'viewer', page: true, handler: page },
    {
      method: 'GET',
      path: '/ui/assets/:name',
      access: 'public',
      handler: async (request, { params }) => {
        const asset = ui?.assets.get(params.name ?? '');
        if (asset === undefined)
          throw new SallyportError('absent', 'absent', 'There is no such file; load the page again.');
        return assetAnswer(asset, request.headers.get('accept-encoding') ?? '');
      },
    },
  ];
}

function toUi(): Response {
  return new Response(null, { status: 303, headers: { location: '/ui' } });
}

/** Names hold a digest of the content, so that a file never changes under its name. */
function assetAnswer({ type, plain, brotli }: Asset, accepted: string): Response {
  const headers = new Headers({
    'content-type': type,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  });
  const packed = brotli !== null && accepted.split(',').some((one) => one.trim() === 'br');
  if (packed) headers.set('content-encoding', 'br');
  return new Response(new Uint8Array(packed ? brotli : plain), { headers });
}

/** Styles that libraries make while they run carry the nonce; scripts come from files of ours alone (security rule X1). */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function notBuilt(): SallyportError {
  return new SallyportError(
    'unavailable',
    'ui-not-built',
    'The web UI could not be built at the start; the process log says why. Everything else works: the command line, and /auth/account.',
  );
}
