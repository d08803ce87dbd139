import { isStreamIdOf, type LoginId, type PassId } from '../../domain/kernel/ids.ts';
import { longestLoginMilliseconds } from '../../domain/login/decider.ts';
import type { LoginActivity } from '../commands/login-activity.ts';
import { endLogin } from '../commands/logins.ts';
import { readLogin } from '../commands/pass-streams.ts';
import type { CommandTools } from '../commands/run-command.ts';
import type { ProcessLog } from '../ports/system.ts';

export interface LoginUseTools {
  readonly tools: CommandTools;
  readonly activity: LoginActivity;
  readonly processLog: ProcessLog;
}

/** Typing is noted so far apart at the most. */
const noteMilliseconds = 1_000;
/** When it could not be found out how long a login was idle, it is tried again so much later. */
const retryMilliseconds = 1_000;

/**
 * Milliseconds until the idle time of a login is over (A7); null: it has ended. One that is found idle for too long is
 * closed for good. `used`: its person does something now. Errors: those of the log.
 */
export async function restOfLogin(deps: LoginUseTools, loginId: LoginId, used: boolean): Promise<number | null> {
  const login = await readLogin(deps.tools, loginId);
  if (login.status !== 'open') return null;
  const { userId, idleMilliseconds } = login.login;
  const at = await deps.tools.now();
  const rest = idleMilliseconds - deps.activity.idleFor(loginId, at);
  if (rest < 0) {
    await endLogin(deps, deps.activity, { loginId, userId }, 'idle');
    return null;
  }
  if (used) deps.activity.use(loginId, at);
  return rest;
}

/** Ties a session, or a page at one, to the use of its pass. */
export interface PassUse {
  /** The person typed something. */
  active(): void;
  stop(): void;
}

/**
 * What a person types in a session is a use of the login that it was opened with, and of that of the page they type at;
 * what they are shown is none. Once the login was idle for too long it is closed, which ends what rests on it. Other passes
 * have no idle time.
 */
export function keepLogin(deps: LoginUseTools, passId: PassId): PassUse {
  if (!isStreamIdOf('login', passId)) return { active: () => undefined, stop: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let notedAt = Number.NEGATIVE_INFINITY;
  const failed = (error: unknown): number => {
    deps.processLog.warn('the use of a login could not be looked up', { loginId: passId, error: String(error) });
    return retryMilliseconds;
  };
  const look = async (): Promise<void> => {
    const rest = await restOfLogin(deps, passId, false).catch(failed);
    if (rest !== null && !stopped) {
      timer = setTimeout(() => void look(), Math.min(rest + 1, longestLoginMilliseconds)).unref();
    }
  };
  void look();
  return {
    active: () => {
      if (performance.now() - notedAt < noteMilliseconds) return;
      notedAt = performance.now();
      void restOfLogin(deps, passId, true).catch(failed);
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
