/** `at` plus milliseconds, as ISO 8601 UTC with milliseconds. */
export function plusMilliseconds(at: string, milliseconds: number): string {
  return new Date(Date.parse(at) + milliseconds).toISOString();
}

/** Milliseconds from `from` to `to` (negative when `to` is earlier). */
export function millisecondsBetween(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

/** A duration for people: `9 h`, `8 h 30 min`, `1 min 5 s`; below a second, or no whole number, in milliseconds. */
export function spokenDuration(milliseconds: number): string {
  if (!Number.isSafeInteger(milliseconds) || milliseconds < 1000) return `${milliseconds} ms`;
  const seconds = Math.floor(milliseconds / 1000);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** True when `at` is at or after `limit`: a right that ends at `limit` no longer stands at `limit`. */
export function hasReached(at: string, limit: string): boolean {
  return Date.parse(at) >= Date.parse(limit);
}
