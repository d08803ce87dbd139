import type { LiveSession } from '../../application/admission/door.ts';
import type { ChannelKind } from '../../domain/session/events.ts';
import { printable } from '../kit/goodbye.ts';

/** Refused wishes of one session that the audit gets one by one; then one event says that there were more. */
const most = 32;
const longestName = 64;

/** Kinds of channels and requests that this proxy knows and does not grant. */
const kinds: Readonly<Record<string, ChannelKind>> = {
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
  'direct-tcpip': 'port forwarding is not allowed in this session',
  streamlocal: 'socket forwarding is not allowed in this session',
  subsystem: 'only a shell or a command is allowed in this session: file transfer is not',
};

/** What the person reads; unknown wishes are named back to nobody. */
export function refusalText(wish: string): string {
  return texts[kinds[wish] ?? 'other'] ?? 'this is not allowed in this session';
}

/** Notes refused wishes for the audit, a bounded number for one session. */
export class Refusals {
  readonly #waiting: { readonly kind: ChannelKind; readonly name: string }[] = [];
  #session: LiveSession | undefined;
  #count = 0;

  note(wish: string, detail = ''): void {
    this.#count += 1;
    if (this.#count > most + 1) return;
    const text = detail === '' ? wish : detail;
    this.#waiting.push(
      this.#count > most
        ? { kind: 'other', name: `more than ${most} refusals: no further ones are listed` }
        : { kind: kinds[wish] ?? 'other', name: printable(text).slice(0, longestName) },
    );
    this.#flush();
  }

  /** From here on there is a session to note them in. */
  attach(session: LiveSession): void {
    this.#session = session;
    this.#flush();
  }

  #flush(): void {
    if (this.#session === undefined) return;
    // A fact that can't be logged ends the session there; nothing was granted here.
    for (const fact of this.#waiting.splice(0)) this.#session.channelRefused(fact).catch(() => {});
  }
}
