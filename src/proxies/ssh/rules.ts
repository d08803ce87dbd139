import type { Channel } from './channel.ts';
import { openFailure } from './codec/messages.ts';
import type { ConnectionRules, Refusal } from './connection.ts';
import { type Refusals, refusalText } from './refusals.ts';

export interface PersonRules {
  readonly refusals: Refusals;
  /** Channels open now, and at the most. */
  readonly open: () => number;
  readonly most: number;
  readonly welcome: (channel: Channel) => void;
}

/** What a person's client may ask of a connection: sessions, a bounded number; everything else is refused (security rule S5). */
export function personRules({ refusals, open, most, welcome }: PersonRules): ConnectionRules {
  let moreSessions = true;
  const no = (reason: number, text: string): Refusal => ({ ok: false, reason, text });
  return {
    open: (kind) => {
      if (kind !== 'session') {
        refusals.note(kind);
        return no(openFailure.prohibited, refusalText(kind));
      }
      if (!moreSessions) return no(openFailure.prohibited, 'the client said that it wants no more sessions');
      if (open() >= most) {
        refusals.note('session', 'too many channels at the same time');
        return no(openFailure.shortage, `at most ${most} channels at the same time`);
      }
      return { ok: true, taken: welcome };
    },
    globalRequest: (name) => {
      if (name === 'no-more-sessions@openssh.com') moreSessions = false;
      else if (name.includes('forward') && !name.startsWith('cancel-')) refusals.note(name);
      return name === 'no-more-sessions@openssh.com';
    },
  };
}
