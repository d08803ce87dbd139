import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { DrawnScreen } from './drawn-screen.ts';

const bundle = join(import.meta.dirname, '../../node_modules/asciinema-player/dist/bundle');

/** A recording in asciinema-player, a reader of asciicast that has nothing of ours. */
export interface AsciinemaPlayer {
  /** In seconds. */
  readonly duration: number;
  /** What it has drawn at a moment, in seconds. */
  screenAt(seconds: number): Promise<DrawnScreen>;
  /** What the page was made to say or ask for: nothing, whatever the recording holds. */
  readonly complaints: readonly string[];
  title(): Promise<string>;
  close(): Promise<void>;
}

/** Opens an asciicast on an empty page of its own. */
export async function openInAsciinema(browser: Browser, cast: string): Promise<AsciinemaPlayer> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => complaints.push(request.url()));
  await page.setContent('<!doctype html><title>as it was</title><div id="player"></div>');
  await page.addStyleTag({ path: join(bundle, 'asciinema-player.css') });
  await page.addScriptTag({ path: join(bundle, 'asciinema-player.min.js') });
  const duration = await page.evaluate<number>(`(async () => {
    const options = { cursorMode: 'steady', controls: false };
    globalThis.player = AsciinemaPlayer.create({ data: ${JSON.stringify(cast)} }, document.getElementById('player'), options);
    await player.seek(0);
    return player.getDuration();
  })()`);
  return {
    duration,
    complaints,
    screenAt: async (seconds) => page.evaluate<DrawnScreen>(`(${drawn})(${String(seconds)})`),
    title: async () => page.title(),
    close: async () => context.close(),
  };
}

/** In the page: text and its colours from the lines, what is behind from the canvas (8 by 24 points a cell). */
const drawn = `async (seconds) => {
  await player.seek(seconds);
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const terminal = document.querySelector('.ap-term');
  const canvas = terminal.querySelector('canvas');
  const [columns, rows] = [canvas.width / 8, canvas.height / 24];
  // A copy, since the browser remarks on a canvas that is read again and again.
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const points = copy.getImageData(0, 0, canvas.width, canvas.height).data;
  const behind = (column, row) => {
    const at = (row * 24 * canvas.width + column * 8) * 4;
    return points[at + 3] === 0 ? null : 'rgb(' + points.slice(at, at + 3).join(', ') + ')';
  };
  const style = getComputedStyle(terminal);
  const rgb = (name) => {
    const probe = document.createElement('i');
    probe.style.color = style.getPropertyValue('--term-color-' + name).trim();
    return probe.style.color;
  };
  return {
    columns,
    rows,
    theme: { foreground: rgb('foreground'), background: rgb('background'), palette: Array.from({ length: 16 }, (_, n) => rgb(n)) },
    lines: [...terminal.querySelectorAll('.ap-line')].map((line) =>
      [...line.children].map((span) => ({
        column: Number(span.style.getPropertyValue('--offset')),
        text: span.textContent,
        color: span.style.color || null,
        look: span.className.trim(),
      })),
    ),
    behind: Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => behind(column, row))),
  };
}`;
