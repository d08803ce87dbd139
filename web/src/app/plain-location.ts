import type { BaseLocationHook } from 'wouter';
import { type BrowserLocationHook, navigate, useBrowserLocation } from 'wouter/use-browser-location';

/** `/ui/` and `/ui/?q=x` as the server has them: `/ui`, `/ui?q=x`. Its paths end without a slash, and a page has to load again. */
export function plainAddress(address: string): string {
  return address.replace(/^([^?#]+?)\/+(?=[?#]|$)/, '$1');
}

const go: typeof navigate = (to, options) => navigate(typeof to === 'string' ? plainAddress(to) : to, options);

/** The address of the browser, which only ever becomes one that the server takes. */
export const usePlainLocation: BaseLocationHook = (options: Parameters<BrowserLocationHook>[0]) => [
  useBrowserLocation(options)[0],
  go,
];
usePlainLocation.hrefs = plainAddress;
