import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { sameJson } from '../kernel/json.ts';
import { type AdmitSession, admitOn, type PassCode } from '../kernel/pass.ts';
import { plusMilliseconds, spokenDuration } from '../kernel/time.ts';
import type { CloseLogin, LoginCommand, OpenLogin } from './commands.ts';
import type { LoginEvent } from './events.ts';
import type { LoginState } from './state.ts';
import { asPass, isLive } from './state.ts';

export type LoginCode = PassCode | 'wrong-door' | 'invalid-idle' | 'already-opened' | 'closed' | 'absent';
type LoginDecision = Decision<LoginEvent, LoginCode>;

/** The longest a login lasts, at both doors. */
export const longestLoginMilliseconds = 12 * 3_600_000;

function isDuration(milliseconds: number): boolean {
  return Number.isSafeInteger(milliseconds) && milliseconds > 0;
}

function open({ login, ttlMilliseconds, at }: OpenLogin, state: LoginState): LoginDecision {
  if (state.status === 'closed') return reject('closed', 'this login was closed; log in again');
  if (state.status === 'open') {
    if (sameJson(state.login, { ...login, expiresAt: state.login.expiresAt })) return accept();
    return reject('already-opened', 'another login stands under this id; open one under a new id');
  }
  if (login.door !== 'web' && login.door !== 'cli') {
    return reject('wrong-door', `a login is opened at the web or the command line, not at ${login.door}`);
  }
  if (!isDuration(ttlMilliseconds) || ttlMilliseconds > longestLoginMilliseconds) {
    return reject(
      'invalid-ttl',
      `a login lasts longer than zero and 12 hours at most, not ${spokenDuration(ttlMilliseconds)}`,
    );
  }
  if (!isDuration(login.idleMilliseconds)) {
    return reject('invalid-idle', `a login needs an idle time above zero, not ${login.idleMilliseconds} ms`);
  }
  return accept({ type: 'LoginOpened', data: { ...login, expiresAt: plusMilliseconds(at, ttlMilliseconds) } });
}

function close({ reason, how = null, at }: CloseLogin, state: LoginState): LoginDecision {
  if (state.status === 'absent') return reject('absent', 'there is no such login; nothing was closed');
  if (!isLive(state, at)) return accept();
  return accept({ type: 'LoginClosed', data: { reason, how } });
}

function admit(command: AdmitSession, state: LoginState): LoginDecision {
  if (state.status !== 'absent' && state.login.door !== 'web') {
    return reject('wrong-door', 'a login of the command line opens no session; make a token with it');
  }
  return admitOn('login', command, asPass(state));
}

function decide(command: LoginCommand, state: LoginState): LoginDecision {
  switch (command.type) {
    case 'open':
      return open(command, state);
    case 'close':
      return close(command, state);
    case 'admit':
      return admit(command, state);
  }
}

function evolve(state: LoginState, event: LoginEvent): LoginState {
  switch (event.type) {
    case 'LoginOpened':
      return { status: 'open', login: event.data, sessions: null };
    case 'LoginClosed':
      return state.status === 'absent' ? state : { status: 'closed', login: state.login, closed: event.data };
    case 'SessionAdmitted':
      if (state.status !== 'open') return state;
      return { ...state, sessions: { admitted: event.data, before: state.sessions } };
  }
}

/** What a browser's cookie or the command line's bearer stands for; that of a browser is a pass, too. */
export const loginDecider: Decider<LoginState, LoginCommand, LoginEvent, LoginCode> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};
