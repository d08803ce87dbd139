/** On every answer; a handler may set its own Content-Security-Policy and Cache-Control. */
const always: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

const local = /^(?:localhost|[0-9.]+|\[[0-9a-f:]+\])(?::[0-9]+)?$/i;

/**
 * Strict-Transport-Security only where the host is a name of its own: on `localhost` it would forbid plain HTTP to every
 * other program that a developer runs there.
 */
export function securityHeaders(host: string): Readonly<Record<string, string>> {
  return local.test(host) ? always : { ...always, 'strict-transport-security': 'max-age=31536000' };
}
