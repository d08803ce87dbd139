/** What is offered with one press, in minutes. */
export const offeredMinutes = [60, 240, 480] as const;
/** No token lives longer (the server refuses it too). */
export const mostMinutes = 480;

/** Seconds for the server from what was chosen; null: not a whole number of minutes from 1 to 480. */
export function ttlSeconds(minutes: number | string): number | null {
  const chosen = typeof minutes === 'number' ? minutes : Number(minutes.trim() === '' ? 'nothing' : minutes);
  return Number.isInteger(chosen) && chosen >= 1 && chosen <= mostMinutes ? chosen * 60 : null;
}
