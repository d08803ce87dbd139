import { Button, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { SearchField } from '../../parts/search-field.tsx';
import type { Search } from './use-search.ts';

export interface SearchPanelProps {
  readonly search: Search;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly position: number;
  readonly end: number;
  readonly label: (milliseconds: number) => string;
  readonly onSeek: (milliseconds: number) => void;
}

/** A list of where it stands; each is a mark on the time line too. */
export function SearchPanel({ search, text, onText, position, end, label, onSeek }: SearchPanelProps): ReactNode {
  const { hits, at, more, problem } = search;
  const current = hits.findLastIndex((hit) => hit.at <= position);
  return (
    <Stack gap="xs">
      <SearchField label="Text that was shown or typed" value={text} onChange={onText} />
      <Text size="sm" c="dimmed" role="status">
        {problem ?? statusOf(text, hits.length, at, end, more !== null)}
      </Text>
      {hits.length === 0 ? null : (
        <ol className="player-rail">
          {hits.map((hit, place) => (
            <li key={`${String(hit.at)} ${String(place)}`}>
              <button
                type="button"
                className="player-happening command"
                aria-current={place === current ? 'time' : undefined}
                onClick={() => onSeek(hit.at)}
              >
                <span className="when">{label(hit.at)}</span>
                <span className="what">
                  {hit.kind === 'typed' ? '> ' : ''}
                  {hit.before}
                  <mark>{hit.match}</mark>
                  {hit.after}
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
      {more === null ? null : (
        <Button size="xs" variant="default" onClick={more}>
          Look on
        </Button>
      )}
    </Stack>
  );
}

function statusOf(text: string, count: number, at: number | null, end: number, more: boolean): string {
  if (text === '') return 'Upper and lower case are the same.';
  const found = count === 1 ? '1 hit' : `${String(count)} hits`;
  if (at !== null) return `Searching, ${String(end === 0 ? 0 : Math.floor((at / end) * 100))} %: ${found}`;
  if (count === 0) return 'It stands nowhere in this recording.';
  return more ? `The first ${found}` : found;
}
