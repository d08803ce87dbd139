import type { DomainEvent } from './event.ts';

/** A reasoned no: `code` is from the closed union of its aggregate, `message` says what happened and what to do. */
export interface Rejection<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

export type Decision<E extends DomainEvent, Code extends string> =
  | { readonly ok: true; readonly events: readonly E[] }
  | { readonly ok: false; readonly rejection: Rejection<Code> };

/** Decides events or a rejection and folds events into state. Pure: time, ids and actor come in the command. */
export interface Decider<State, Command, E extends DomainEvent, Code extends string = string> {
  readonly initial: State;
  readonly decide: (command: Command, state: State) => Decision<E, Code>;
  readonly evolve: (state: State, event: E) => State;
}

export function accept<E extends DomainEvent>(
  ...events: readonly E[]
): { readonly ok: true; readonly events: readonly E[] } {
  return { ok: true, events };
}

export function reject<Code extends string>(
  code: Code,
  message: string,
): { readonly ok: false; readonly rejection: Rejection<Code> } {
  return { ok: false, rejection: { code, message } };
}

/** The state after the given events. */
export function fold<State, Command, E extends DomainEvent, Code extends string>(
  decider: Decider<State, Command, E, Code>,
  events: readonly E[],
): State {
  return events.reduce((state, event) => decider.evolve(state, event), decider.initial);
}
