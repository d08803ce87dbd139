import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { hasReached } from '../kernel/time.ts';
import type { AnswerGrant, GrantCommand, UseGrant } from './commands.ts';
import type { GrantEvent } from './events.ts';
import type { GrantState } from './state.ts';

export type GrantCode = 'answered' | 'expired' | 'not-in-browser' | 'not-approved';
type GrantDecision = Decision<GrantEvent, GrantCode>;

function answer(command: AnswerGrant, state: GrantState): GrantDecision {
  if (state.status !== 'absent')
    return reject('answered', 'this code was confirmed or denied already; ask for a new one');
  if (hasReached(command.at, command.expiresAt)) return reject('expired', 'this code has expired; ask for a new one');
  // Else a login that was granted could grant the next one, without end.
  if (command.answeredAt !== 'web') {
    return reject('not-in-browser', 'a code is confirmed by somebody who logged in in the browser');
  }
  if (!command.approved) return accept({ type: 'DeviceGrantDenied', data: { ...command.answer, reason: 'person' } });
  const { askedFor, expiresAt } = command;
  if (askedFor !== null && askedFor.userId !== command.answer.userId) {
    return accept({ type: 'DeviceGrantDenied', data: { ...command.answer, reason: 'other-person' } });
  }
  return accept({ type: 'DeviceGrantApproved', data: { ...command.answer, expiresAt } });
}

function use({ passId, at }: UseGrant, state: GrantState): GrantDecision {
  if (state.status === 'used' && state.passId === passId) return accept();
  if (state.status !== 'approved') return reject('not-approved', 'this code opens no login; ask for a new one');
  const { userId, expiresAt } = state.grant;
  if (hasReached(at, expiresAt)) return reject('expired', 'this code has expired; ask for a new one');
  return accept({ type: 'DeviceGrantUsed', data: { userId, passId } });
}

function evolve(state: GrantState, event: GrantEvent): GrantState {
  switch (event.type) {
    case 'DeviceGrantApproved':
      return { status: 'approved', grant: event.data };
    case 'DeviceGrantDenied':
      return { status: 'denied' };
    case 'DeviceGrantUsed':
      return state.status === 'approved' ? { status: 'used', passId: event.data.passId } : state;
  }
}

/** What one code of the device flow came to: it is answered once, by somebody in the browser, and opens one login. */
export const grantDecider: Decider<GrantState, GrantCommand, GrantEvent, GrantCode> = {
  initial: { status: 'absent' },
  decide: (command, state) => (command.type === 'answer' ? answer(command, state) : use(command, state)),
  evolve,
};
