import type { AdmitSession, RevokePass } from '../kernel/pass.ts';
import type { PublicKeyRegistered } from './events.ts';

/** After a full login; `at` is the server's clock. */
export type RegisterKey = {
  readonly type: 'register';
  readonly key: Omit<PublicKeyRegistered['data'], 'expiresAt'>;
  readonly ttlMilliseconds: number;
  readonly at: string;
};
export type KeyCommand = RegisterKey | RevokePass | AdmitSession;
