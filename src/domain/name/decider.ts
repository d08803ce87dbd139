import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import type { NameCommand, ReleaseName, ReserveName } from './commands.ts';
import type { NameEvent } from './events.ts';
import type { NameState } from './state.ts';

export type NameCode = 'name-taken' | 'not-holder';
type NameDecision = Decision<NameEvent, NameCode>;

function reserve({ kind, holder }: ReserveName, state: NameState): NameDecision {
  if (state.status === 'free') return accept({ type: 'NameReserved', data: { kind, holder } });
  if (state.holder === holder) return accept();
  return reject('name-taken', `this name is taken by another ${state.kind}; choose another name`);
}

function release({ holder, reason }: ReleaseName, state: NameState): NameDecision {
  if (state.status === 'free') return accept();
  if (state.holder !== holder) return reject('not-holder', `${holder} does not hold this name, so it can't release it`);
  return accept({ type: 'NameReleased', data: { holder, reason } });
}

/** One name of one kind: held by one thing at a time, free again after release. */
export const nameDecider: Decider<NameState, NameCommand, NameEvent, NameCode> = {
  initial: { status: 'free' },
  decide: (command, state) => (command.type === 'reserve' ? reserve(command, state) : release(command, state)),
  evolve: (_state, event) => (event.type === 'NameReserved' ? { status: 'held', ...event.data } : { status: 'free' }),
};
