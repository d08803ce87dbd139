import type { RevocationReason, SessionAdmitted, TemporaryTokenIssued } from './events.ts';

/** `at` is the server's clock; the secret never comes here. */
export type IssueToken = {
  readonly type: 'issue';
  readonly token: Omit<TemporaryTokenIssued['data'], 'expiresAt'>;
  readonly ttlMilliseconds: number;
  readonly at: string;
};
export type RevokeToken = { readonly type: 'revoke'; readonly reason: RevocationReason; readonly at: string };
/** The opening of a session, after everything outside this stream was found in order. */
export type AdmitSession = {
  readonly type: 'admit';
  readonly session: SessionAdmitted['data'];
  readonly at: string;
};
export type TokenCommand = IssueToken | RevokeToken | AdmitSession;
