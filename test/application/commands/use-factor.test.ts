import { expect, it } from 'vitest';
import { readState, runCommand } from '../../../src/application/commands/run-command.ts';
import { useFactor } from '../../../src/application/commands/use-factor.ts';
import { factorDecider } from '../../../src/domain/factor/decider.ts';
import type { Factor, FactorUse } from '../../../src/domain/factor/events.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { openHouse } from '../kit/house.ts';
import { movingClock } from '../kit/moving-clock.ts';

async function enrolled(factor: (step: number) => Factor) {
  const clock = movingClock();
  const { node, alice, events } = await openHouse(clock);
  const { tools } = node;
  const factorId = streamId('factor', tools.ids.uuid());
  const context = {
    actor: { kind: 'user', userId: alice },
    correlationId: tools.ids.uuid(),
    causationId: null,
  } as const;
  const step = Math.floor(Date.parse(await tools.now()) / 30_000);
  const enrol = { type: 'enrol', userId: alice, label: 'phone', factor: factor(step), verified: true } as const;
  const done = await runCommand(tools, factorDecider, factorId, context, (at) => ({ ...enrol, at }));
  expect(done.ok).toBe(true);
  clock.move(30_000);
  const shown = (use: FactorUse) => ({
    userId: alice,
    authenticationId: streamId('authentication', tools.ids.uuid()),
    use,
  });
  return {
    step: step + 1,
    events,
    here: (use: FactorUse) => useFactor(tools, factorId, context, shown(use)),
    /** As another process does it: past the queue of this one. */
    elsewhere: async (use: FactorUse): Promise<boolean> => {
      const { state, version } = await readState(tools.log, factorDecider, factorId);
      const at = await tools.now();
      const decision = factorDecider.decide({ type: 'use', ...shown(use), at }, state);
      if (!decision.ok) return false;
      const metadata = { at, ...context };
      const next = decision.events.map((event) => ({ ...event, id: tools.ids.uuid(), metadata }));
      return (await tools.log.append(factorId, version, next)).ok;
    },
  };
}

it('a code counts once in 50 tries at once, by two processes', async () => {
  const { step, events, here, elsewhere } = await enrolled((now) => ({ kind: 'totp', secretId: 's', step: now }));
  const tries = Array.from({ length: 50 }, (_, index) =>
    index % 2 === 0 ? here({ kind: 'totp', step }) : elsewhere({ kind: 'totp', step }),
  );
  expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  expect(await events('FactorUsed')).toHaveLength(1);
  expect(await here({ kind: 'totp', step })).toBe(false);
});

it('each recovery code counts once, whatever order 50 tries come in', async () => {
  const { events, here, elsewhere } = await enrolled(() => ({ kind: 'recovery', secretId: 's', codes: 5 }));
  const tries = Array.from({ length: 50 }, (_, index) => {
    const use = { kind: 'recovery', code: index % 5 } as const;
    return index < 45 ? here(use) : elsewhere(use);
  });
  expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(5);
  expect(await events('FactorUsed')).toHaveLength(5);
});
