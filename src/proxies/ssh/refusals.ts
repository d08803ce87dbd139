import type { LiveSession } from '../../application/admission/door.ts';
import type { ChannelKind } from '../../domain/session/channel-kind.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';

/** Refused wishes of one kind that the audit gets one by one; then one event of that kind says that there were more. */
const most = 16;
/** A host name, its port, and some characters made visible. */
const longestName = 300;

/** Kinds of channels and requests that this proxy knows and does not grant. */
const kinds: Readonly<Record<string, ChannelKind>> = {
  sftp: 'sftp',
  shell: 'shell',
  exec: 'exec',
  subsystem: 'subsystem',
  env: 'env',
  'x11-req': 'x11',
  x11: 'x11',
  'auth-agent-req@openssh.com': 'agent',
  'auth-agent@openssh.com': 'agent',
  'direct-tcpip': 'direct-tcpip',
  'tcpip-forward': 'forwarded-tcpip',
  'forwarded-tcpip': 'forwarded-tcpip',
  'direct-streamlocal@openssh.com': 'streamlocal',
  'streamlocal-forward@openssh.com': 'streamlocal',
};

const texts: Partial<Record<ChannelKind, string>> = {
  shell: 'a shell is not allowed in this session',
  exec: 'commands are not allowed in this session',
  streamlocal: 'socket forwarding is not allowed in this session',
  subsystem: 'no subsystem but sftp is allowed in this session',
};

/** What the person reads; unknown wishes are named back to nobody. */
export function refusalText(wish: string): string {
  return texts[kinds[wish] ?? 'other'] ?? 'this is not allowed in this session';
}

/** Notes refused wishes for the audit, a bounded number of each kind: a flood of one hides no other. */
export class Refusals {
  readonly #waiting: { readonly kind: ChannelKind; readonly name: string }[] = [];
  #session: LiveSession | undefined;
  readonly #counts = new Map<ChannelKind, number>();

  note(wish: string, detail = ''): void {
    const kind = kinds[wish] ?? 'other';
    const count = (this.#counts.get(kind) ?? 0) + 1;
    if (count > most + 1) return;
    this.#counts.set(kind, count);
    const name =
      count > most
        ? `more than ${most} refusals of this kind: no further ones are listed`
        : visibleText(detail === '' ? wish : detail).slice(0, longestName);
    this.#waiting.push({ kind, name });
    this.#flush();
  }

  /** From here on there is a session to note them in. */
  attach(session: LiveSession): void {
    this.#session = session;
    this.#flush();
  }

  /** That session has ended: what is refused from here on waits for the next one. */
  detach(): void {
    this.#session = undefined;
  }

  #flush(): void {
    if (this.#session === undefined) return;
    // A fact that can't be logged ends the session there; nothing was granted here.
    for (const fact of this.#waiting.splice(0)) this.#session.channelRefused(fact).catch(() => {});
  }
}
