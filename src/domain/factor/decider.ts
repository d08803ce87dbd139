import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { sameJson } from '../kernel/json.ts';
import { titleProblem } from '../kernel/names.ts';
import type { EnrolFactor, FactorCommand, RemoveFactor, UseFactor } from './commands.ts';
import type { Factor, FactorEvent, FactorUse } from './events.ts';
import type { FactorState } from './state.ts';

export type FactorCode =
  | 'invalid-label'
  | 'invalid-factor'
  | 'not-verified'
  | 'already-enrolled'
  | 'absent'
  | 'removed'
  | 'not-owner'
  | 'other-kind'
  | 'out-of-window'
  | 'no-such-code'
  | 'used';
type FactorDecision = Decision<FactorEvent, FactorCode>;
type Enrolled = Extract<FactorState, { status: 'enrolled' }>;

/** RFC 6238, section 4.1: the time step. */
const stepMilliseconds = 30_000;
/** Steps a clock may be off, either way (security rule A8). */
const stepWindow = 1;
/** The most recovery codes of one set. */
const mostCodes = 20;

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function inWindow(step: number, at: string): boolean {
  return isCount(step) && Math.abs(step - Math.floor(Date.parse(at) / stepMilliseconds)) <= stepWindow;
}

function isSound(factor: Factor, at: string): boolean {
  switch (factor.kind) {
    case 'totp':
      return factor.secretId !== '' && inWindow(factor.step, at);
    case 'webauthn':
      return factor.credentialId !== '' && factor.publicKey !== '' && isCount(factor.counter);
    case 'recovery':
      return factor.secretId !== '' && isCount(factor.codes) && factor.codes > 0 && factor.codes <= mostCodes;
  }
}

function enrol(command: EnrolFactor, state: FactorState): FactorDecision {
  const { userId, label, factor, verified, at } = command;
  if (state.status === 'removed') return gone();
  if (state.status === 'enrolled') {
    if (state.userId === userId && sameJson(factor, state.enrolled)) return accept();
    return reject('already-enrolled', 'another factor stands under this id; enrol one under a new id');
  }
  const problem = titleProblem(label);
  if (problem !== null) return reject('invalid-label', `factor: ${problem}`);
  if (!isSound(factor, at)) return reject('invalid-factor', `this ${factor.kind} factor is incomplete; enrol it anew`);
  if (!verified)
    return reject('not-verified', 'the factor did not show that it works; nothing was enrolled, try again');
  return accept({ type: 'FactorEnrolled', data: { userId, label, factor } });
}

function gone(): FactorDecision {
  return reject('removed', 'this factor was removed; enrol a new one');
}

function use(command: UseFactor, state: FactorState): FactorDecision {
  const { userId, authenticationId, use: shown, at } = command;
  if (state.status === 'absent') return reject('absent', 'there is no such factor');
  if (state.status === 'removed') return gone();
  if (state.userId !== userId) return reject('not-owner', 'this factor belongs to another user');
  // An authenticator that counts nothing says 0 for ever; within an attempt it still counts once.
  if (state.usedBy === authenticationId) return used();
  const no = useProblem(shown, state, at);
  return no ?? accept({ type: 'FactorUsed', data: { userId, authenticationId, use: shown } });
}

function used(): FactorDecision {
  return reject('used', 'this code was used before; wait for the next one');
}

function useProblem(shown: FactorUse, state: Enrolled, at: string): FactorDecision | null {
  const { enrolled, last, spent } = state;
  if (shown.kind === 'totp' && enrolled.kind === 'totp') {
    if (!inWindow(shown.step, at)) return reject('out-of-window', 'this code is of another time; check the clocks');
    return shown.step > last ? null : used();
  }
  if (shown.kind === 'webauthn' && enrolled.kind === 'webauthn') {
    // WebAuthn, section 7.2, step 22: a counter that does not grow is the sign of a copy.
    const counts = shown.counter !== 0 || last !== 0;
    return isCount(shown.counter) && (!counts || shown.counter > last) ? null : used();
  }
  if (shown.kind === 'recovery' && enrolled.kind === 'recovery') {
    if (!isCount(shown.code) || shown.code >= enrolled.codes) {
      return reject('no-such-code', 'there is no such recovery code');
    }
    return spent.includes(shown.code) ? used() : null;
  }
  return reject('other-kind', `this factor is of the kind ${enrolled.kind}, not ${shown.kind}`);
}

function remove({ userId, by }: RemoveFactor, state: FactorState): FactorDecision {
  if (state.status === 'absent') return reject('absent', 'there is no such factor');
  if (state.userId !== userId) return reject('not-owner', 'this factor belongs to another user');
  if (state.status === 'removed') return accept();
  return accept({ type: 'FactorRemoved', data: { userId, by } });
}

function decide(command: FactorCommand, state: FactorState): FactorDecision {
  switch (command.type) {
    case 'enrol':
      return enrol(command, state);
    case 'use':
      return use(command, state);
    case 'remove':
      return remove(command, state);
  }
}

function atEnrolment(factor: Factor): number {
  if (factor.kind === 'totp') return factor.step;
  return factor.kind === 'webauthn' ? factor.counter : 0;
}

function afterUse(state: Enrolled, shown: FactorUse, usedBy: Enrolled['usedBy']): Enrolled {
  if (shown.kind === 'recovery') return { ...state, usedBy, spent: [...state.spent, shown.code] };
  return { ...state, usedBy, last: shown.kind === 'totp' ? shown.step : shown.counter };
}

function evolve(state: FactorState, event: FactorEvent): FactorState {
  switch (event.type) {
    case 'FactorEnrolled': {
      const { userId, factor } = event.data;
      const last = atEnrolment(factor);
      return { status: 'enrolled', userId, enrolled: factor, last, spent: [], usedBy: null };
    }
    case 'FactorUsed':
      if (state.status !== 'enrolled') return state;
      return afterUse(state, event.data.use, event.data.authenticationId);
    case 'FactorRemoved':
      return { status: 'removed', userId: event.data.userId };
  }
}

/** A second factor of a person. What proves it is checked outside; that it counts once is decided here. */
export const factorDecider: Decider<FactorState, FactorCommand, FactorEvent, FactorCode> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};
