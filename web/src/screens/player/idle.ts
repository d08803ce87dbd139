/** A stretch in which nothing was shown, in milliseconds since the start. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What is left of a stretch when it is skipped: so much is shown before, and so much of its end. */
const before = 1_000;
const after = 300;

/** Where playing goes on from `at` when stretches are skipped; they are in order of time and do not touch. */
export function skipped(stretches: readonly Stretch[], at: number): number {
  const stretch = stretches[lastFrom(stretches, at)];
  if (stretch === undefined || at < stretch.from + before || at >= stretch.to - after) return at;
  return stretch.to - after;
}

/** The last stretch that begins at or before a moment; -1: none. */
function lastFrom(stretches: readonly Stretch[], at: number): number {
  let [low, high] = [0, stretches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.from ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
