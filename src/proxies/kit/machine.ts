import { guarded } from './guarded.ts';

/** What a protocol's `session.ts` says: where the connection is now, and what is to be done. */
interface MachineStep<Phase, Effect> {
  readonly phase: Phase;
  readonly effects: readonly Effect[];
}

/**
 * Runs the pure state machine of one connection. Its inputs come from timers, promises and the network, so that nothing is
 * thrown: an error of ours is `fault`, which ends this connection alone (decision 0067).
 */
export class Machine<Phase, Input, Effect> {
  phase: Phase;
  readonly #step: (phase: Phase, input: Input) => MachineStep<Phase, Effect>;
  readonly #act: (effect: Effect) => void;
  readonly #fault: () => void;

  constructor(
    begin: Phase,
    step: (phase: Phase, input: Input) => MachineStep<Phase, Effect>,
    act: (effect: Effect) => void,
    fault: () => void,
  ) {
    this.phase = begin;
    this.#step = step;
    this.#act = act;
    this.#fault = fault;
  }

  /** One thing that happened. */
  input(input: Input): void {
    guarded(() => {
      const next = this.#step(this.phase, input);
      this.phase = next.phase;
      for (const effect of next.effects) this.#act(effect);
    }, this.#fault);
  }

  /** What is done in its own time. */
  run(work: Promise<void>): void {
    work.catch(this.#fault);
  }
}
