import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import { sortOf } from './happenings.ts';
import type { Stretch } from './idle.ts';
import type { RailLine } from './shapes.ts';
import { clock, spoken } from './times.ts';

export interface TimeLineProps {
  readonly position: number;
  readonly end: number;
  readonly idle: readonly Stretch[];
  readonly lines: readonly RailLine[];
  /** Moments where what was searched for was found. */
  readonly hits: readonly number[];
  readonly label: (milliseconds: number) => string;
  readonly onSeek: (milliseconds: number) => void;
}

/** Units of the drawing, from the start to the end. */
const wide = 1_000;

/** The whole session: what was idle, what happened, what was found, and where it is. */
export function TimeLine({ position, end, idle, lines, hits, label, onSeek }: TimeLineProps): ReactNode {
  const [pointed, setPointed] = useState<number | null>(null);
  const length = Math.max(end, 1);
  const place = (milliseconds: number): number => (Math.min(milliseconds, length) / length) * wide;
  const momentOf = (event: PointerEvent<HTMLDivElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width)) * length;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = keyMoment(event.key, position, length);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(to);
  };
  return (
    <div
      className="player-time-line"
      role="slider"
      tabIndex={0}
      aria-label="Moment of the session"
      aria-valuemin={0}
      aria-valuemax={Math.floor(length / 1_000)}
      aria-valuenow={Math.floor(position / 1_000)}
      aria-valuetext={`${spoken(position)} of ${spoken(end)}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => onSeek(momentOf(event))}
      onPointerMove={(event) => setPointed(momentOf(event))}
      onPointerLeave={() => setPointed(null)}
    >
      <svg viewBox={`0 0 ${String(wide)} 40`} preserveAspectRatio="none" aria-hidden>
        <rect className="ground" x={0} y={12} width={wide} height={16} />
        <rect className="played" x={0} y={12} width={place(position)} height={16} />
        {idle.map(({ from, to }) => (
          <rect
            key={from}
            className="idle"
            x={place(from)}
            y={12}
            width={Math.max(1, place(to) - place(from))}
            height={16}
          />
        ))}
        <path className="mark command" d={marks(lines, 'command', place)} />
        <path className="mark file" d={marks(lines, 'file', place)} />
        <path className="mark resize" d={marks(lines, 'resize', place)} />
        <path className="mark denied" d={marks(lines, 'denied', place)} />
        <path className="mark hit" d={ticks(hits.map(place), 28, 40)} />
        <rect className="needle" x={Math.max(0, place(position) - 1)} y={4} width={2} height={32} />
      </svg>
      {pointed === null ? null : (
        <span className="player-pointed" style={{ left: `${String((place(pointed) / wide) * 100)}%` }} aria-hidden>
          {label(pointed)}
        </span>
      )}
    </div>
  );
}

function marks(lines: readonly RailLine[], sort: string, place: (milliseconds: number) => number): string {
  const places = lines.filter((line) => sortOf(line) === sort).map(({ at }) => place(at));
  return ticks(places, 0, 12);
}

/** One stroke for each place that differs on the screen. */
function ticks(places: readonly number[], top: number, bottom: number): string {
  const apart = new Set(places.map((place) => Math.round(place * 2) / 2));
  return [...apart].map((place) => `M${String(place)} ${String(top)}V${String(bottom)}`).join('');
}

/** Keys of a slider (WAI-ARIA 1.2, slider). */
function keyMoment(key: string, position: number, end: number): number | null {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return position - 5_000;
    case 'ArrowRight':
    case 'ArrowUp':
      return position + 5_000;
    case 'PageDown':
      return position - end / 10;
    case 'PageUp':
      return position + end / 10;
    case 'Home':
      return 0;
    case 'End':
      return end;
    default:
      return null;
  }
}

/** How the ends of the line are written. */
export function lengthText(position: number, end: number): string {
  return `${clock(position)} / ${clock(end)}`;
}
