import { Alert, Button } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { Empty, Loading } from '../../parts/states.tsx';
import { Recording, RecordingProblem } from '../player/recording.ts';
import type { RecordingIndex } from '../player/shapes.ts';

const Player = lazy(() => import('../player/player.tsx').then(({ Player: component }) => ({ default: component })));

const Statements = lazy(() =>
  import('../statements/statements.tsx').then(({ Statements: component }) => ({ default: component })),
);

export interface RecordedProps {
  readonly sessionId: string;
  /** required, strict, preferred or off. */
  readonly duty: string;
}

type Opening =
  | { readonly recording: Recording; readonly index: RecordingIndex }
  | { readonly problem: RecordingProblem }
  | null;

/** Opens the recording of a session, which is an event, and shows what fits it. */
export function Recorded({ sessionId, duty }: RecordedProps): ReactNode {
  const [opening, setOpening] = useState<Opening>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isShown = true;
    const open = async (): Promise<Opening> => {
      const recording = await Recording.open(sessionId);
      return { recording, index: await recording.index() };
    };
    setOpening(null);
    void open()
      .catch((error: unknown) => ({ problem: problemOf(error) }))
      .then((found) => {
        if (isShown) setOpening(found);
      });
    return () => {
      isShown = false;
    };
  }, [sessionId, tries]);
  if (opening === null) return <Loading what="the recording" />;
  if ('problem' in opening) {
    if (duty === 'off') {
      return (
        <Empty
          title="This session was not recorded"
          next="Its entitlement asks for no recording. What is known of it stands above."
        />
      );
    }
    return (
      <Alert color="red" variant="light" title="The recording can not be shown" role="alert">
        {opening.problem.message}
        <Button size="xs" variant="default" mt="sm" display="block" onClick={() => setTries(tries + 1)}>
          Try again
        </Button>
      </Alert>
    );
  }
  return (
    <Suspense fallback={<Loading what="the player" />}>
      {opening.recording.screen === 'statements' ? (
        <Statements recording={opening.recording} index={opening.index} />
      ) : (
        <Player recording={opening.recording} index={opening.index} />
      )}
    </Suspense>
  );
}

function problemOf(error: unknown): RecordingProblem {
  if (error instanceof RecordingProblem) return error;
  return new RecordingProblem('unreachable', 'The server does not answer. Check your connection, then try again.');
}
