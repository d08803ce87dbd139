import type { AdmitSession, RevokePass } from '../kernel/pass.ts';
import type { TemporaryTokenIssued } from './events.ts';

/** `at` is the server's clock; the secret never comes here. */
export type IssueToken = {
  readonly type: 'issue';
  readonly token: Omit<TemporaryTokenIssued['data'], 'expiresAt'>;
  readonly ttlMilliseconds: number;
  readonly at: string;
};
export type TokenCommand = IssueToken | RevokePass | AdmitSession;
