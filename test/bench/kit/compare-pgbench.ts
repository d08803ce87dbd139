import { compare, median } from './compare.ts';
import { onPgRoads, type RoadName } from './pg-roads.ts';
import type { PgbenchWish } from './pgbench.ts';

const rounds = 5;

/** One bench of pgbench: ours and its peer in turn, the other roads in the same rounds. Its last line has all of them. */
export async function comparePgbench({
  name,
  peer,
  others,
  ...wish
}: {
  readonly name: string;
  readonly peer: RoadName;
  readonly others: readonly RoadName[];
} & Omit<PgbenchWish, 'seconds'>): Promise<void> {
  const seconds = Number(process.argv[2] ?? 5);
  const beside = new Map<RoadName, number[]>(others.map((other) => [other, []]));
  await onPgRoads(async ({ run, cpu }) => {
    await compare({
      name,
      unit: 'transactions/s',
      rounds,
      ours: () => run('ours', { ...wish, seconds }),
      peer: async () => {
        const rate = await run(peer, { ...wish, seconds });
        for (const [other, rates] of beside) rates.push(await run(other, { ...wish, seconds }));
        return rate;
      },
      more: () => ({
        ...Object.fromEntries([...beside].map(([other, rates]) => [other, Math.round(median(rates))])),
        ...cpu(),
      }),
    });
  });
}
