/** Why a session was not admitted. `not-allowed` covers absent targets and accounts too: outside they look the same. */
export type SessionRefusalReason =
  | 'not-allowed'
  | 'no-target-named'
  | 'account-ambiguous'
  | 'condition-false'
  | 'reason-needed'
  | 'approval-needed'
  | 'pass-not-live'
  | 'pass-scope'
  | 'too-many-sessions'
  | 'recording-unavailable'
  | 'unavailable';
