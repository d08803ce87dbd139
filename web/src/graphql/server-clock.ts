let aheadMilliseconds = 0;

/** Notes what the server's clock said (RFC 9110 section 6.6.1; whole seconds). Countdowns follow it, not the one of this machine. */
export function noteServerDate(date: string | null): void {
  const said = date === null ? Number.NaN : Date.parse(date);
  if (!Number.isNaN(said)) aheadMilliseconds = said + 500 - Date.now();
}

/** Now, in milliseconds, as the server has it. */
export function serverNow(): number {
  return Date.now() + aheadMilliseconds;
}
