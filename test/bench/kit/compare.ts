export interface Comparison {
  readonly name: string;
  /** A rate ends in `/s`, a time is `ms`. */
  readonly unit: 'ms' | `${string}/s`;
  /** How often each side is measured; at least 3, odd, so that the median is one of the measurements. */
  readonly rounds: number;
  /** One measurement in `unit`. Whatever is not counted (start-up, clean-up) belongs outside of the figure it returns. */
  readonly ours: () => Promise<number>;
  readonly peer: () => Promise<number>;
  /** More figures for the last line, under names of their own. Called after the last round. */
  readonly more?: () => Readonly<Record<string, number | string>>;
}

export interface Result {
  readonly bench: string;
  readonly ratio: number;
  readonly ours: number;
  readonly peer: number;
  readonly unit: string;
  readonly rounds: number;
}

/**
 * Measures ours and the peer in turn, so that whatever else the machine does weighs on both; prints every round, then
 * one line of JSON with the medians. It measures and never asserts.
 */
export async function compare(comparison: Comparison, print: (line: string) => void = console.log): Promise<Result> {
  const { name, unit, rounds } = comparison;
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // The side that goes first changes, since the second may find caches warm or disks busy.
    const order = round % 2 === 1 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const);
    for (const side of order) (side === 'ours' ? ours : peer).push(measured(await comparison[side](), side, name));
    print(`${name} round ${String(round)}: ours ${figure(ours)} ${unit}, peer ${figure(peer)} ${unit}`);
  }
  const summary = { ours: rounded(median(ours)), peer: rounded(median(peer)) };
  const result = { bench: name, ratio: rounded(summary.ours / summary.peer), ...summary, unit, rounds };
  print(JSON.stringify({ ...result, ...comparison.more?.() }));
  return result;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('the median of nothing');
  const below = sorted.length % 2 === 0 ? sorted[sorted.length / 2 - 1] : undefined;
  return below === undefined ? middle : (below + middle) / 2;
}

function measured(value: number, side: string, name: string): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`${name}: ${side} measured ${String(value)}, which is no figure`);
}

function figure(values: readonly number[]): string {
  return String(rounded(values.at(-1) ?? 0));
}

/** Four digits are more than such a measurement is worth. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
