import type { Decider, Rejection } from './decider.ts';
import { accept, reject } from './decider.ts';
import type { DomainEvent } from './event.ts';
import { sameJson } from './json.ts';

/** The least a declared thing says of itself. */
interface Named {
  readonly name: string;
}

export type DeclaredState<Spec> =
  | { readonly status: 'absent' }
  | { readonly status: 'declared'; readonly spec: Spec }
  | { readonly status: 'withdrawn'; readonly spec: Spec };

/** `declare` carries the whole spec: it makes the thing or revises it. */
export type DeclaredCommand<Spec> = { readonly type: 'declare'; readonly spec: Spec } | { readonly type: 'withdraw' };

export type DeclaredEvent<Spec, D extends string, W extends string> =
  | DomainEvent<D, Spec>
  | DomainEvent<W, Record<string, never>>;

/** What every declared thing refuses; its own rules add their codes. */
export type DeclaredCode = 'withdrawn' | 'absent' | 'name-fixed';

/** What sets one declared kind apart: its two event types and its rules. */
export interface DeclaredLife<Spec, D extends string, W extends string, Code extends string> {
  /** For messages: "the target". */
  readonly noun: string;
  readonly declared: D;
  readonly withdrawn: W;
  /** The rules of the kind; `previous` is null for a new thing. Null: nothing against it. */
  readonly check: (spec: Spec, previous: Spec | null) => Rejection<Code> | null;
}

export type DeclaredDecider<Spec, D extends string, W extends string, Code extends string> = Decider<
  DeclaredState<Spec>,
  DeclaredCommand<Spec>,
  DeclaredEvent<Spec, D, W>,
  DeclaredCode | Code
>;

/**
 * The life of what an administrator declares: absent, declared (and revised), withdrawn. A withdrawn thing stays so:
 * declaring it again makes a new stream. The name is fixed, since it is reserved in a stream of its own.
 */
export function declaredDecider<Spec extends Named, D extends string, W extends string, Code extends string>(
  life: DeclaredLife<Spec, D, W, Code>,
): DeclaredDecider<Spec, D, W, Code> {
  const isDeclared = (event: DeclaredEvent<Spec, D, W>): event is DomainEvent<D, Spec> => event.type === life.declared;

  const declare: (spec: Spec, state: DeclaredState<Spec>) => ReturnType<DeclaredDecider<Spec, D, W, Code>['decide']> = (
    spec,
    state,
  ) => {
    if (state.status === 'withdrawn') {
      return reject('withdrawn', `${life.noun} "${state.spec.name}" was withdrawn; make a new one instead`);
    }
    const previous = state.status === 'declared' ? state.spec : null;
    if (sameJson(previous, spec)) return accept();
    if (previous !== null && previous.name !== spec.name) {
      return reject(
        'name-fixed',
        `${life.noun} "${previous.name}" can't be renamed; make a new one named "${spec.name}"`,
      );
    }
    const problem = life.check(spec, previous);
    if (problem !== null) return { ok: false, rejection: problem };
    return accept({ type: life.declared, data: spec });
  };

  return {
    initial: { status: 'absent' },
    decide: (command, state) => {
      if (command.type === 'declare') return declare(command.spec, state);
      if (state.status === 'absent') return reject('absent', `there is no such ${life.noun}; nothing was withdrawn`);
      if (state.status === 'withdrawn') return accept();
      return accept({ type: life.withdrawn, data: {} });
    },
    evolve: (state, event) => {
      if (isDeclared(event)) return { status: 'declared', spec: event.data };
      if (state.status === 'absent') return state;
      return { status: 'withdrawn', spec: state.spec };
    },
  };
}

/** A rule's no, for `check`. */
export function refuse<Code extends string>(code: Code, message: string): Rejection<Code> {
  return { code, message };
}
