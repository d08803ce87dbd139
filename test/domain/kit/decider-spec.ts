import { expect } from 'vitest';
import type { Decider } from '../../../src/domain/kernel/decider.ts';
import { fold } from '../../../src/domain/kernel/decider.ts';
import type { DomainEvent } from '../../../src/domain/kernel/event.ts';

interface Outcome<E extends DomainEvent, Code extends string> {
  /** Exactly these events follow. */
  thenEvents(...events: readonly E[]): void;
  /** The wish held already: no event and no error. */
  thenNothing(): void;
  /** A no with this code and a message that says something. */
  thenRejected(code: Code): void;
}

/** given(past).when(command).then…: what a decider decides after the given events. */
export function deciderSpec<State, Command, E extends DomainEvent, Code extends string>(
  decider: Decider<State, Command, E, Code>,
): (...past: readonly E[]) => { when(command: Command): Outcome<E, Code> } {
  return (...past) => ({
    when: (command) => {
      const decision = decider.decide(command, fold(decider, past));
      const thenEvents = (...events: readonly E[]) => expect(decision).toEqual({ ok: true, events });
      return {
        thenEvents,
        thenNothing: () => thenEvents(),
        thenRejected: (code) => {
          expect(decision).toMatchObject({ ok: false, rejection: { code } });
          expect(decision.ok ? '' : decision.rejection.message).toMatch(/\w+ \w+/);
        },
      };
    },
  });
}
