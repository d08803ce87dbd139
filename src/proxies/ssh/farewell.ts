import { notInTime, printable, tooManyAttempts } from '../kit/goodbye.ts';
import type { Effect } from './session.ts';
import { disconnectReason } from './transport.ts';

type Disconnect = Extract<Effect, { readonly type: 'disconnect' }>;

/** Reason and text of SSH_MSG_DISCONNECT (RFC 4253 section 11.1). */
export function farewell({ why, message }: Disconnect, portalUrl: string): readonly [reason: number, text: string] {
  const { byApplication, noMoreMethods, protocolError } = disconnectReason;
  switch (why) {
    case 'too-many':
      return [noMoreMethods, tooManyAttempts(portalUrl)];
    case 'late':
      return [byApplication, notInTime];
    case 'protocol-error':
      return [protocolError, 'protocol error'];
    case 'bye':
      return [byApplication, printable(message)];
  }
}
