const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time as people say it, its two largest parts: `7 h 59 min`, `2 min 5 s`, `3 d 4 h`; nothing left: `0 s`. */
export function duration(milliseconds: number): string {
  const left = Math.max(0, Math.floor(milliseconds / second) * second);
  if (left >= day) return parts([left / day, 'd'], [(left % day) / hour, 'h']);
  if (left >= hour) return parts([left / hour, 'h'], [(left % hour) / minute, 'min']);
  if (left >= minute) return parts([left / minute, 'min'], [(left % minute) / second, 's']);
  return `${String(left / second)} s`;
}

function parts(...pairs: readonly (readonly [amount: number, unit: string])[]): string {
  const whole = pairs.map(([amount, unit]) => [Math.floor(amount), unit] as const);
  return whole
    .filter(([amount], index) => amount > 0 || index === 0)
    .map(([amount, unit]) => `${String(amount)} ${unit}`)
    .join(' ');
}

/** A moment seen from now, both in milliseconds: `just now`, `5 min ago`, `3 h ago`; what is a day away by its date and time. */
export function ago(at: number, now: number): string {
  const past = now - at;
  if (past < minute) return past < -minute ? clockTime(at, now) : 'just now';
  if (past < hour) return `${String(Math.floor(past / minute))} min ago`;
  if (past < day) return `${String(Math.floor(past / hour))} h ago`;
  return clockTime(at, now);
}

/** In the zone of this machine: the time alone for today, with the day otherwise. */
export function clockTime(at: number, now: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const days = Math.round((startOfDay(at) - startOfDay(now)) / day);
  if (days === 0) return time;
  if (days === 1) return `tomorrow ${time}`;
  if (days === -1) return `yesterday ${time}`;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}, ${time}`;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
