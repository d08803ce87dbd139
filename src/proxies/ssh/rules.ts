import type { Channel } from './channel.ts';
import { openFailure } from './codec/messages.ts';
import { decodeForward } from './codec/requests.ts';
import type { ConnectionRules, OpenAnswer, Refusal } from './connection.ts';
import type { Forwards } from './forwards.ts';
import { type Refusals, refusalText } from './refusals.ts';

export interface PersonRules {
  readonly refusals: Refusals;
  readonly forwards: Pick<Forwards, 'open'>;
  /** Channels open now, and at the most. */
  readonly open: () => number;
  readonly most: number;
  readonly welcome: (channel: Channel) => void;
}

/**
 * What a person's client may ask of a connection: sessions and entitled forwarding, a bounded number; everything else
 * is refused (security rule S5).
 */
export function personRules({ refusals, forwards, open, most, welcome }: PersonRules): ConnectionRules {
  let moreSessions = true;
  let waiting = 0;
  const wait = async (answer: Promise<OpenAnswer>): Promise<OpenAnswer> => {
    waiting += 1;
    try {
      return await answer;
    } finally {
      waiting -= 1;
    }
  };
  return {
    open: (kind, data, channel) => {
      if (kind !== 'session' && kind !== 'direct-tcpip') {
        refusals.note(kind);
        return no(openFailure.prohibited, refusalText(kind));
      }
      if (kind === 'session' && !moreSessions) {
        return no(openFailure.prohibited, 'the client said that it wants no more sessions');
      }
      if (open() + waiting >= most) {
        refusals.note(kind, 'too many channels at the same time');
        return no(openFailure.shortage, `at most ${most} channels at the same time`);
      }
      if (kind === 'direct-tcpip') return wait(forwards.open(decodeForward(data), channel));
      return { ok: true, taken: welcome };
    },
    globalRequest: (name) => {
      if (name === 'no-more-sessions@openssh.com') moreSessions = false;
      else if (name.includes('forward') && !name.startsWith('cancel-')) refusals.note(name);
      return name === 'no-more-sessions@openssh.com';
    },
  };
}

function no(reason: number, text: string): Refusal {
  return { ok: false, reason, text };
}
