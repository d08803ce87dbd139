/** `at` plus milliseconds, as ISO 8601 UTC with milliseconds. */
export function plusMilliseconds(at: string, milliseconds: number): string {
  return new Date(Date.parse(at) + milliseconds).toISOString();
}

/** Milliseconds from `from` to `to` (negative when `to` is earlier). */
export function millisecondsBetween(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

/** True when `at` is at or after `limit`: a right that ends at `limit` no longer stands at `limit`. */
export function hasReached(at: string, limit: string): boolean {
  return Date.parse(at) >= Date.parse(limit);
}
