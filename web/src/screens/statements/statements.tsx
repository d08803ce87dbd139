import { Alert, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { SearchField } from '../../parts/search-field.tsx';
import { Empty, Loading } from '../../parts/states.tsx';
import { useUrlText } from '../../parts/url-state.ts';
import type { Recording } from '../player/recording.ts';
import type { RecordingIndex, Statement } from '../player/shapes.ts';
import { clock, wallClock } from '../player/times.ts';
import { StatementItem } from './statement-item.tsx';
import './statements.css';

export interface StatementsProps {
  readonly recording: Recording;
  readonly index: RecordingIndex;
}

interface Loaded {
  readonly statements: readonly Statement[];
  /** The record to go on with; null: no more. */
  readonly next: number | null;
}

/** A session at a database: its statements in order of time, and how each ended. */
export function Statements({ recording, index }: StatementsProps): ReactNode {
  const [find, setFind] = useUrlText('find');
  const [wall, setWall] = useState(false);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [from, setFrom] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setLoaded(null);
    setFrom(0);
  }, [recording, find]);
  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    void recording
      .statements(from, find, stop.signal)
      .then(({ lines, next }) => {
        // One page looks through so much and no more: none in it says nothing about the rest.
        if (lines.length === 0 && !index.live && next !== null && next > from) setFrom(next);
        else
          setLoaded((before) => ({ statements: from === 0 ? lines : [...(before?.statements ?? []), ...lines], next }));
      })
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
      });
    return () => stop.abort();
  }, [recording, find, from, index.live]);
  const label = (at: number): string => (wall ? wallClock(index.startedAt, at) : clock(at));
  return (
    <Stack gap="sm">
      <Group align="flex-end" justify="space-between">
        <SearchField label="Text in statements or parameters" value={find} onChange={setFind} />
        <Switch label="Time of day" checked={wall} onChange={() => setWall(!wall)} />
      </Group>
      {problem === null ? null : (
        <Alert color="red" variant="light" role="alert">
          {problem}
        </Alert>
      )}
      {loaded === null ? (
        problem === null ? (
          <Loading what="the statements" />
        ) : null
      ) : loaded.statements.length === 0 ? (
        <Empty
          title={find === '' ? 'No statement was made' : 'No statement fits'}
          next={
            find === '' ? 'The session was opened, and nothing was asked of the database.' : 'Look for another text.'
          }
        />
      ) : (
        <ol className="statements">
          {loaded.statements.map((statement, place) => (
            <StatementItem key={`${String(statement.at)} ${String(place)}`} statement={statement} label={label} />
          ))}
        </ol>
      )}
      {(loaded?.next ?? 0) <= from ? null : (
        <Group>
          <Button variant="default" size="xs" onClick={() => setFrom(loaded?.next ?? 0)}>
            {index.live ? 'Look for more' : 'Show more'}
          </Button>
          <Text size="sm" c="dimmed">
            {loaded?.statements.length ?? 0} are shown.
          </Text>
        </Group>
      )}
    </Stack>
  );
}
