import { type Html, html } from '../../wire/html/html.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time by the server's clock, `5 Nov 2026, 16:30 UTC`: which zone the reader is in, a page without scripts does not know. */
export function timeOf(iso: string): Html {
  const time = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${String(time.getUTCDate())} ${months[time.getUTCMonth()] ?? ''} ${String(time.getUTCFullYear())}`;
  return html`<time datetime="${iso}">${day}, ${two(time.getUTCHours())}:${two(time.getUTCMinutes())} UTC</time>`;
}
