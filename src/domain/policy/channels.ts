import { defaultPostgresChannels, type PostgresChannels } from './postgres-channels.ts';

/** What an entitlement opens inside a connection, by protocol. */
export interface Channels {
  readonly ssh: SshChannels;
  readonly postgres: PostgresChannels;
}

/** Which way files may go: `upload` is towards the target. */
export const fileDirections = ['both', 'upload', 'download', 'none'] as const;
export type FileDirections = (typeof fileDirections)[number];

/** What an entitlement opens inside one SSH connection (security rule S5). */
export interface SshChannels {
  readonly shell: boolean;
  readonly exec: boolean;
  /** SFTP, scp and rsync. */
  readonly files: FileDirections;
  /** Longest file in bytes; null: any. */
  readonly maxFileBytes: number | null;
  /** Where local forwarding may lead: `host:port`, compared as written but for the case of the host. */
  readonly forward: readonly string[];
  /** Environment variables that reach the target; a `*` at the end stands for any rest. */
  readonly env: readonly string[];
  /** Whether what the person types is recorded too; never while the target does not echo it. */
  readonly typed: boolean;
}

/** What an entitlement that says nothing about SSH opens. */
export const defaultSshChannels: SshChannels = {
  shell: true,
  exec: true,
  files: 'both',
  maxFileBytes: null,
  forward: [],
  env: [],
  typed: false,
};

/** What an entitlement that says nothing about channels opens. */
export const defaultChannels: Channels = { ssh: defaultSshChannels, postgres: defaultPostgresChannels };

/** A host name or IPv4 address, or an IPv6 address in brackets; then the port. */
const pairForm = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%[\w.-]{1,32})?\]):([1-9]\d{0,4})$/;
const variableForm = /^[A-Za-z_][A-Za-z0-9_]{0,126}\*?$/;

/** Whether `text` can stand in `forward`. */
export function isForwardPair(text: string): boolean {
  const port = pairForm.exec(text)?.[1];
  return port !== undefined && Number(port) <= 65_535;
}

/** Whether `text` can stand in `env`: a name, or the beginning of one and a `*`. */
export function isVariablePattern(text: string): boolean {
  return variableForm.test(text);
}

/** `host:port` as an entitlement writes it. */
export function forwardPair(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether a connection may lead to `host` and `port`: only to a pair that is named. */
export function mayForward({ forward }: SshChannels, host: string, port: number): boolean {
  const wanted = forwardPair(host, port);
  // Letters outside ASCII are never named: some of them become an ASCII letter in lower case.
  if (!isForwardPair(wanted)) return false;
  return forward.some((pair) => pair.toLowerCase() === wanted.toLowerCase());
}

/**
 * What makes programs load or run something else, or ends checks of theirs: such a name must stand in `env` as it is,
 * since nobody who writes `L*` thinks of `LD_PRELOAD`.
 */
const telling =
  /^(LD_.*|DYLD_.*|_.*|PATH|CDPATH|IFS|ENV|SHELL|SHELLOPTS|BASH.*|PS[0-9]|PROMPT_COMMAND|FPATH|ZDOTDIR|HOME|USER|LOGNAME|MAIL|TMPDIR|TERMCAP|TERMINFO.*|LOCPATH|NLSPATH|GCONV_PATH|GETCONF_DIR|GLIBC_TUNABLES|MALLOC_.*|HOSTALIASES|LOCALDOMAIN|RES_OPTIONS|RESOLV_.*|TZDIR|KRB5.*|SSH_.*|SUDO_.*|GIT_.*|RSYNC_.*|PYTHON.*|PERL.*|RUBY.*|NODE_.*|JAVA_.*|_JAVA_.*|CLASSPATH|LUA_.*|GEM_.*|EDITOR|VISUAL|PAGER|MANPAGER|BROWSER|LESS.*|MORE|VIM.*|EXINIT|VIMINIT)$/;

/** Whether a variable may reach the target: named as it is, or harmless and covered by a pattern. */
export function mayPass({ env }: SshChannels, name: string): boolean {
  if (env.includes(name)) return true;
  return !telling.test(name) && env.some((each) => each.endsWith('*') && name.startsWith(each.slice(0, -1)));
}
