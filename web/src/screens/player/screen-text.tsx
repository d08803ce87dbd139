import { Text } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import type { Stage } from './stage.ts';

/** How often it is read anew while it plays, in milliseconds. */
const every = 1_000;

/** What the terminal shows as text, with what was scrolled away: for screen readers, for selecting, for narrow screens. */
export function ScreenText({
  stage,
  position,
}: {
  readonly stage: Stage | null;
  readonly position: number;
}): ReactNode {
  const [text, setText] = useState('');
  const moment = Math.floor(position / every);
  useEffect(() => {
    if (stage === null) return undefined;
    setText(stage.text());
    // What was just jumped to is drawn a moment later.
    const timer = setTimeout(() => setText(stage.text()), every / 2);
    return () => clearTimeout(timer);
  }, [stage, moment]);
  return text === '' ? (
    <Text size="sm" c="dimmed">
      The screen is empty at this moment.
    </Text>
  ) : (
    <pre className="player-text" tabIndex={0} role="region" aria-label="Text of the screen">
      {text}
    </pre>
  );
}
