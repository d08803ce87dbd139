/** A moment in the zone of the browser, the same width everywhere: `2026-01-02 03:04:05`. */
export function momentText(utc: string): string {
  const moment = new Date(utc);
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
  const day = [pad(moment.getFullYear(), 4), pad(moment.getMonth() + 1), pad(moment.getDate())].join('-');
  return `${day} ${[moment.getHours(), moment.getMinutes(), moment.getSeconds()].map((part) => pad(part)).join(':')}`;
}
