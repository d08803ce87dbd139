/** Where a door is, as people reach it: a host name or an address without brackets. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** An account that a person may reach; `login` is the name they log in with at the proxy to get there. */
export interface Destination {
  readonly protocol: string;
  readonly target: string;
  readonly account: string;
  readonly login: string;
}

/**
 * The exact text for one client. `line`: to be pasted at a prompt; `uri`: into a field of a program; `file`: into the file
 * `fileName`. None holds a secret: the password is asked for, and is a temporary token.
 */
export interface ConnectWay {
  /** For programs; each once for an account. */
  readonly client: string;
  /** For people. */
  readonly title: string;
  readonly kind: 'line' | 'uri' | 'file';
  readonly text: string;
  readonly fileName: string | null;
  readonly hint: string | null;
}

/** What most ways are. */
export const line = (client: string, title: string, text: string, hint: string | null = null): ConnectWay => ({
  client,
  title,
  kind: 'line',
  text,
  fileName: null,
  hint,
});

/** An address of version 6 in brackets, as URIs and scp have it. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** A name for a section or a host alias, which hold no blanks and no patterns. */
export function aliasOf({ target, account }: Pick<Destination, 'target' | 'account'>): string {
  return `${target}-${account}`.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+/, '');
}
