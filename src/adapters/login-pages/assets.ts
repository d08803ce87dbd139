import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublicRoute } from '../../application/ports/http-route.ts';
import { webauthnScript } from './step-view.ts';

/** The one script there is. It is small, and never out of date: no cache keeps it. */
export function webauthnRoute(): PublicRoute {
  const script = readFileSync(join(import.meta.dirname, 'webauthn.js'), 'utf8');
  const headers = { 'content-type': 'text/javascript; charset=utf-8' };
  return {
    method: 'GET',
    path: webauthnScript,
    access: 'public',
    handler: async () => new Response(script, { headers }),
  };
}
