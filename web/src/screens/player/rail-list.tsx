import { Button, Chip, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { sortOf, sorts, type Sort, textOf } from './happenings.ts';
import type { Rail } from './use-rail.ts';

export interface RailListProps {
  readonly rail: Rail;
  readonly position: number;
  readonly label: (milliseconds: number) => string;
  readonly onSeek: (milliseconds: number) => void;
}

/** Rows that are made at once. */
const batch = 200;

/** Everything that happened, to jump to. */
export function RailList({ rail, position, label, onSeek }: RailListProps): ReactNode {
  const [hidden, setHidden] = useState<readonly Sort[]>(['resize']);
  const [most, setMost] = useState(batch);
  const present = sorts.filter(([sort]) => rail.lines.some((line) => sortOf(line) === sort));
  const lines = rail.lines.filter((line) => !hidden.includes(sortOf(line)));
  const current = lines.findLastIndex(({ at }) => at <= position);
  return (
    <Stack gap="xs">
      <Chip.Group
        multiple
        value={present.map(([sort]) => sort).filter((sort) => !hidden.includes(sort))}
        onChange={(shown) => setHidden(sorts.map(([sort]) => sort).filter((sort) => !shown.includes(sort)))}
      >
        <Group gap={6}>
          {present.map(([sort, text]) => (
            <Chip key={sort} value={sort} size="xs">
              {text}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed">
          {rail.state === null ? 'Loading what happened …' : 'Nothing of this happened.'}
        </Text>
      ) : (
        <ol className="player-rail">
          {lines.slice(0, most).map((line, place) => (
            <li key={`${String(line.at)} ${String(place)}`}>
              <button
                type="button"
                className={`player-happening ${sortOf(line)}`}
                aria-current={place === current ? 'time' : undefined}
                onClick={() => onSeek(line.at)}
              >
                <span className="when">{label(line.at)}</span>
                <span className="what">{textOf(line)}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
      {lines.length > most ? (
        <Button size="xs" variant="default" onClick={() => setMost(most + batch)}>
          {`Show ${String(Math.min(batch, lines.length - most))} more of ${String(lines.length)}`}
        </Button>
      ) : null}
      {rail.state === 'cut-short' ? (
        <Text size="xs" c="dimmed">
          Only the first {rail.lines.length} events are listed here. Search, or download the recording, for the others.
        </Text>
      ) : null}
    </Stack>
  );
}
