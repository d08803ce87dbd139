/**
 * Whether a request may change something, by what its browser says of where it comes from (CSRF). A foreign `Origin` or
 * `Sec-Fetch-Site` is always a no. With the cookie one of them must be there, since a browser adds the cookie by itself;
 * programs that bring their own bearer need neither.
 */
export function mayChange(
  headers: { readonly origin?: string | undefined; readonly site?: string | undefined; readonly host: string },
  byCookie: boolean,
): boolean {
  if (headers.origin !== undefined && headers.origin !== `https://${headers.host}`) return false;
  if (headers.site !== undefined && headers.site !== 'same-origin') return false;
  return !byCookie || headers.origin !== undefined || headers.site !== undefined;
}
