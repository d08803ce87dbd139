import { encodeQR } from 'qr';
import { type Html, html } from '../../wire/html/html.ts';

/** Modules left free around the symbol (ISO/IEC 18004, section 6.3.8). */
const quietZone = 4;

/**
 * A QR code of `text` as a drawing in the page: no image to load, no style of its own, so that the policy of the pages
 * stands as it is. Dark on light in both colour schemes, since many apps read nothing else. `alt` says what it is to who
 * can't see it. Errors: none for the 2,000 characters of the longest key.
 */
export function qrCode(text: string, alt: string): Html {
  const rows = encodeQR(text, 'raw', { border: quietZone });
  const size = String(rows.length);
  return html`<svg class="qr" role="img" aria-label="${alt}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">
<path fill="#fff" d="M0 0h${size}v${size}h-${size}z"/><path fill="#000" d="${rows.map(runsOf).join('')}"/></svg>`;
}

/** The dark modules of a row, neighbours in one rectangle. */
function runsOf(row: readonly boolean[], y: number): string {
  const dark = row.map((module) => (module ? '#' : ' ')).join('');
  return [...dark.matchAll(/#+/g)]
    .map(({ index, 0: run }) => `M${String(index)} ${String(y)}h${String(run.length)}v1h-${String(run.length)}z`)
    .join('');
}
