import type { IncomingMessage } from 'node:http';
import type { Route } from '../../application/ports/http-route.ts';
import { isPlainPath } from './plain-path.ts';

/**
 * Where the page is that somebody asked for with one slash too many at its end, with its query; null: it is none. What
 * comes out is a plain path of a page of ours, so that it leads to no other host and has one reading only (W3).
 */
export function pageWithoutSlash(routes: readonly Route[], { method, url = '' }: IncomingMessage): string | null {
  const at = url.indexOf('?');
  const path = at === -1 ? url : url.slice(0, at);
  const less = path.slice(0, -1);
  if (method !== 'GET' || !path.endsWith('/') || less === '') return null;
  const target = less + (at === -1 ? '' : url.slice(at));
  return isPlainPath(target) && routes.some((route) => isPageAt(route, less)) ? target : null;
}

function isPageAt({ method, path, page }: Route, asked: string): boolean {
  if (method !== 'GET' || page !== true) return false;
  return path.endsWith('/*') ? asked.startsWith(path.slice(0, -1)) : asked === path;
}
