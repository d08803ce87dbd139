/** Where the devices of a key are, with sessions to start. A name may hold whatever a path can not. */
export function accessPath(key: string): string {
  return `/ssh-keys/remote-access?${new URLSearchParams({ key }).toString()}`;
}

/** The terminal of an account, outside of the router: it opens in a tab of its own. */
export function terminalAddress(target: string, account: string): string {
  return `/ui/terminal/${encodeURIComponent(target)}/${encodeURIComponent(account)}`;
}
