/** Milliseconds as `1:02:03`, without hours `02:03`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${hours === 0 ? '' : `${String(hours)}:`}${pad(minutes)}:${pad(seconds % 60)}`;
}

/** The time of day at so many milliseconds after the start, in the zone of the browser. */
export function wallClock(startedAt: string, milliseconds: number): string {
  return new Date(Date.parse(startedAt) + milliseconds).toLocaleTimeString(undefined, { hour12: false });
}

/** For a screen reader: `1 minute 5 seconds`. */
export function spoken(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const parts = [
    [Math.floor(seconds / 3_600), 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  const said = parts.filter(([count, unit]) => count > 0 || (unit === 'second' && seconds < 1));
  return said.map(([count, unit]) => `${String(count)} ${unit}${count === 1 ? '' : 's'}`).join(' ');
}

/** A moment in a link: seconds with up to three digits (`83.25`). Anything else is the start. */
export function momentOf(text: string): number {
  return /^\d{1,9}(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1_000) : 0;
}

export function linkMoment(milliseconds: number): string {
  return String(Math.floor(milliseconds) / 1_000);
}
