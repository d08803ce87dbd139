import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { millisecondsBetween } from '../../domain/kernel/time.ts';
import type { AuthorizedSession } from './authorized-session.ts';

export interface SessionLimits {
  /** The person did something. */
  active(): void;
  stop(): void;
}

interface LimitEvents {
  /** A word before the end; `message` is for the person. */
  warn(message: string): void;
  /** The time is over. */
  over(reason: 'pass-expired' | 'max-session' | 'idle'): void;
}

/** Warnings come so long before the end, in milliseconds, and a fifth of the time before it when that is less. */
const beforeEnd = [300_000, 60_000] as const;
const beforeIdleEnd = 30_000;
/** Node fires a timer at once when it is set for longer: 24.8 days. */
const longestTimer = 2 ** 31 - 1;

type Limited = Pick<AuthorizedSession, 'passId' | 'admittedAt' | 'endsAt' | 'endsBecause' | 'idleMilliseconds'>;

/** Keeps the two limits of a session in time, its latest end and how long its person may do nothing, and warns before. */
export function keepLimits(session: Limited, events: LimitEvents): SessionLimits {
  const stopEnd = keepEnd(session, events);
  const idle = session.idleMilliseconds === null ? null : keepIdle(session.idleMilliseconds, events);
  return {
    active: () => idle?.active(),
    stop: () => {
      stopEnd();
      idle?.stop();
    },
  };
}

function keepEnd(session: Limited, events: LimitEvents): () => void {
  const { admittedAt, endsAt, endsBecause } = session;
  const longest = Math.min(longestTimer, Math.max(0, millisecondsBetween(admittedAt, endsAt)));
  const warnings = new Set(beforeEnd.map((before) => Math.min(before, longest / 5)));
  const timers = [...warnings].map((before) =>
    setTimeout(() => events.warn(`${endsIn(before)} (${causeOf(session)})`), longest - before),
  );
  timers.push(setTimeout(() => events.over(endsBecause), longest));
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}

function causeOf({ endsBecause, passId }: Limited): string {
  if (endsBecause === 'max-session') return 'longest duration';
  if (isStreamIdOf('login', passId)) return 'its login expires';
  return isStreamIdOf('key', passId) ? 'its key expires' : 'its temporary token expires';
}

function keepIdle(longest: number, events: LimitEvents): SessionLimits {
  const before = Math.min(beforeIdleEnd, longest / 5);
  let activeAt = performance.now();
  let warned = false;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const idle = performance.now() - activeAt;
    if (idle >= longest) {
      events.over('idle');
      return;
    }
    if (idle >= longest - before && !warned) {
      warned = true;
      events.warn(`${endsIn(longest - idle)} (idle), unless you type`);
    }
    lookIn((warned ? longest : longest - before) - idle);
  };
  const lookIn = (milliseconds: number): void => {
    timer = setTimeout(look, Math.min(longestTimer, Math.max(1, milliseconds))).unref();
  };
  lookIn(longest - before);
  return {
    active: () => {
      activeAt = performance.now();
      warned = false;
    },
    stop: () => clearTimeout(timer),
  };
}

function endsIn(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000));
  const [count, unit] = seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second'];
  return `this session ends in ${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}
