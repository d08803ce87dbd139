/** Leads to the login page, and back to where the person is now. */
export function toLogin(): void {
  const here = `${location.pathname}${location.search}`;
  location.assign(`/auth/login?to=${encodeURIComponent(here)}`);
}
