import type { AdmitSession } from '../kernel/pass.ts';
import type { LoginClosed, LoginOpened } from './events.ts';

/** After a full authentication; `ttlMilliseconds` is how long the login lasts at most, whatever its use. */
export type OpenLogin = {
  readonly type: 'open';
  readonly login: Omit<LoginOpened['data'], 'expiresAt'>;
  readonly ttlMilliseconds: number;
  readonly at: string;
};
export type CloseLogin = {
  readonly type: 'close';
  readonly reason: LoginClosed['data']['reason'];
  readonly how?: LoginClosed['data']['how'];
  readonly at: string;
};
export type LoginCommand = OpenLogin | CloseLogin | AdmitSession;
