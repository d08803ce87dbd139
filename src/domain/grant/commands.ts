import type { PassId, UserId } from '../kernel/ids.ts';
import type { GrantAnswer } from './events.ts';

export type AnswerGrant = {
  readonly type: 'answer';
  readonly approved: boolean;
  readonly answer: GrantAnswer;
  /** The door at which `answer.loginId` was opened. */
  readonly answeredAt: 'web' | 'elsewhere';
  /** Whom it was asked for: null in it for a name nobody has. Null: whoever confirms it. */
  readonly askedFor: { readonly userId: UserId | null } | null;
  readonly expiresAt: string;
  readonly at: string;
};
export type UseGrant = { readonly type: 'use'; readonly passId: PassId; readonly at: string };
export type GrantCommand = AnswerGrant | UseGrant;
