import { ActionIcon, Button, Group, NativeSelect, Switch, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PlaybackState } from './playback.ts';
import { type PlayerKey, speeds } from './keys.ts';

export interface ControlsProps {
  readonly state: PlaybackState;
  readonly time: string;
  readonly onKey: (key: PlayerKey) => void;
  readonly onSpeed: (speed: number) => void;
}

/** Everything that a key does can be pressed here. */
export function Controls({ state, time, onKey, onSpeed }: ControlsProps): ReactNode {
  const { playing, speed, skipIdle, live, atEdge } = state;
  return (
    <Group gap="xs" justify="space-between" className="player-controls">
      <Group gap={6} wrap="nowrap">
        <ActionIcon
          title={playing ? 'Pause (Space)' : 'Play (Space)'}
          size={36}
          variant="filled"
          aria-label={playing ? 'Pause' : 'Play'}
          onClick={() => onKey('toggle')}
        >
          <Sign name={playing ? 'pause' : 'play'} />
        </ActionIcon>

        <ActionIcon
          title="5 seconds back (←)"
          size={36}
          variant="default"
          aria-label="5 seconds back"
          onClick={() => onKey('back')}
        >
          <Sign name="back" />
        </ActionIcon>

        <ActionIcon
          title="5 seconds on (→)"
          size={36}
          variant="default"
          aria-label="5 seconds on"
          onClick={() => onKey('on')}
        >
          <Sign name="on" />
        </ActionIcon>

        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          className="player-time"
          title="Time of day, or time since the start (w)"
          onClick={() => onKey('wall-clock')}
        >
          {time}
        </Button>
        {live ? (
          <Button
            size="compact-sm"
            color={atEdge ? 'red.9' : 'red'}
            variant={atEdge ? 'filled' : 'light'}
            onClick={() => onKey('live')}
          >
            {atEdge ? '● Live' : 'Go live'}
          </Button>
        ) : null}
      </Group>
      <Group gap="sm" wrap="nowrap">
        <Switch
          size="sm"
          label="Skip idle"
          checked={skipIdle}
          onChange={() => onKey('idle')}
          title="Leaves out what is hatched on the time line (i)"
        />
        <NativeSelect
          size="xs"
          aria-label="Speed"
          value={String(speed)}
          onChange={(event) => onSpeed(Number(event.currentTarget.value))}
          data={speeds.map((value) => ({ value: String(value), label: `${String(value)}×` }))}
        />
        <ActionIcon
          title="Copy a link to this moment (c)"
          size={30}
          variant="default"
          aria-label="Copy a link to this moment"
          onClick={() => onKey('link')}
        >
          <Sign name="link" />
        </ActionIcon>
        <ActionIcon title="Keys (?)" size={30} variant="default" aria-label="Keys" onClick={() => onKey('help')}>
          <Text component="span" size="sm" aria-hidden>
            ?
          </Text>
        </ActionIcon>
      </Group>
    </Group>
  );
}

const paths = {
  play: 'M7 5v14l12-7z',
  pause: 'M6 5h4v14H6zM14 5h4v14h-4z',
  back: 'M12 6v12l-9-6zM21 6v12l-9-6z',
  on: 'M12 6v12l9-6zM3 6v12l9-6z',
  link: 'M4 12a5 5 0 0 1 5-5h3v2H9a3 3 0 0 0 0 6h3v2H9a5 5 0 0 1-5-5zm4-1h8v2H8zm4-4h3a5 5 0 0 1 0 10h-3v-2h3a3 3 0 0 0 0-6h-3z',
} as const;

function Sign({ name }: { readonly name: keyof typeof paths }): ReactNode {
  return (
    <svg viewBox="0 0 24 24" width={18} height={18} fill="currentColor" aria-hidden>
      <path d={paths[name]} />
    </svg>
  );
}
