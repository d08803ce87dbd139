import './player.css';
import { Badge, NativeSelect, Tabs, Text, VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useUrlText } from '../../parts/url-state.ts';
import { Controls } from './controls.tsx';
import { channelsOf, sortOf } from './happenings.ts';
import { KeyHelp } from './key-help.tsx';
import { type PlayerKey, playerKeyOf } from './keys.ts';
import { momentLink } from './moment-link.ts';
import { playerActs } from './player-acts.ts';
import { RailList } from './rail-list.tsx';
import type { Recording } from './recording.ts';
import { SearchPanel } from './search-panel.tsx';
import { ScreenText } from './screen-text.tsx';
import type { RecordingIndex } from './shapes.ts';
import { lengthText, TimeLine } from './time-line.tsx';
import { clock, momentOf, spoken, wallClock } from './times.ts';
import { usePlayback } from './use-playback.ts';
import { useRail } from './use-rail.ts';
import { useSearch } from './use-search.ts';

export interface PlayerProps {
  readonly recording: Recording;
  readonly index: RecordingIndex;
}

/** Plays the terminal of a session, with everything that happened beside it. */
export function Player({ recording, index }: PlayerProps): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const size = useElementSize();
  const [moment] = useUrlText('t');
  const [live] = useUrlText('live');
  const [chosen, choose] = useUrlText('channel');
  const { rail, problem } = useRail(recording);
  const [looked, look] = useUrlText('find');
  const search = useSearch(recording, looked);
  const [tab, setTab] = useState<string | null>(looked === '' ? 'events' : 'search');
  const channels = channelsOf(rail.lines);
  const channel =
    channels.find((one) => String(one.channel) === chosen) ?? channels.find(({ pty }) => pty) ?? channels[0];
  const from = live !== '' && index.live ? 'live' : momentOf(moment);
  const { playback, state, stage } = usePlayback(host, recording, index, channel?.channel ?? null, from);
  const [wall, setWall] = useState(false);
  const [help, setHelp] = useState(false);
  const [said, setSaid] = useState('');
  useEffect(() => playback?.know(rail.idle, rail.end), [playback, rail]);
  useEffect(() => {
    if (rail.state === 'complete' && index.live) playback?.ended();
  }, [playback, rail, index]);
  useEffect(() => root.current?.focus({ preventScroll: true }), []);
  const columns = stage?.columns;
  useEffect(() => stage?.fit(size.width), [stage, size.width, columns, state?.position]);

  const label = (milliseconds: number): string =>
    wall ? wallClock(index.startedAt, milliseconds) : clock(milliseconds);
  const position = state?.position ?? 0;
  const end = Math.max(state?.end ?? 0, index.milliseconds, rail.end);
  const seek = (to: number): void => void playback?.seek(to);
  const events = rail.lines.filter((line) => !['resize', 'life'].includes(sortOf(line)));
  const hits = search.hits.map(({ at }) => at);
  const acts = playerActs({ playback, state, position, end, marks: events.map(({ at }) => at), hits });
  const act = (key: PlayerKey): void => {
    if (key === 'wall-clock') setWall(!wall);
    else if (key === 'help') setHelp(true);
    else if (key === 'search') {
      setTab('search');
      // The field stands once the tab is drawn.
      requestAnimationFrame(() => root.current?.querySelector<HTMLElement>('input[type=search]')?.focus());
    } else if (key === 'leave-search') root.current?.focus({ preventScroll: true });
    else if (key === 'link') void momentLink(position).then(setSaid);
    else acts[key]?.();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // What lies over the page is drawn elsewhere, and has keys of its own.
    const isWithin = event.target instanceof Node && root.current?.contains(event.target) === true;
    const key = isWithin ? playerKeyOf(event.nativeEvent) : undefined;
    if (key === undefined) return;
    event.preventDefault();
    act(key);
  };

  return (
    // The keys work while the focus is in here, and nowhere else (WCAG 2.2, 2.1.4).
    <div ref={root} className="player" role="group" aria-label="Player" tabIndex={-1} onKeyDown={onKeyDown}>
      <div>
        {channels.length > 1 ? (
          <NativeSelect
            mb="xs"
            size="xs"
            label="Channel"
            value={String(channel?.channel ?? '')}
            onChange={(event) => choose(event.currentTarget.value)}
            data={channels.map((one) => ({
              value: String(one.channel),
              label: `${String(one.channel)} · ${one.label}`,
            }))}
          />
        ) : null}
        <div ref={size.ref}>
          <div className="player-screen">
            {/* Its text is in the tab beside, where it can be read by every means. */}
            <div ref={host} aria-hidden />
            <Note state={state} nothing={rail.state !== null && channel === undefined} />
          </div>
        </div>
        <TimeLine
          position={position}
          end={end}
          idle={rail.idle}
          lines={rail.lines}
          hits={hits}
          label={label}
          onSeek={seek}
        />
        {state === null ? null : (
          <Controls
            state={state}
            time={wall ? label(position) : lengthText(position, end)}
            onKey={act}
            onSpeed={(speed) => playback?.setSpeed(speed)}
          />
        )}
        <VisuallyHidden role="status">
          {said}
          {state === null || state.playing ? '' : `Paused at ${spoken(position)}`}
        </VisuallyHidden>
        {said === '' ? null : (
          <Text size="sm" mt="xs">
            {said}
          </Text>
        )}
      </div>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab
            value="events"
            rightSection={
              events.length === 0 ? null : (
                <Badge size="xs" variant="default" circle={false}>
                  {events.length}
                </Badge>
              )
            }
          >
            Events
          </Tabs.Tab>
          <Tabs.Tab value="search">Search</Tabs.Tab>
          <Tabs.Tab value="text">Text</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="events">
          {problem === null ? null : (
            <Text size="sm" role="alert">
              {problem.message}
            </Text>
          )}
          <RailList rail={rail} position={position} label={label} onSeek={seek} />
        </Tabs.Panel>
        <Tabs.Panel value="search">
          <SearchPanel
            search={search}
            text={looked}
            onText={look}
            position={position}
            end={end}
            label={label}
            onSeek={seek}
          />
        </Tabs.Panel>
        <Tabs.Panel value="text">
          <ScreenText stage={stage} position={position} />
        </Tabs.Panel>
      </Tabs>
      <KeyHelp opened={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function Note({
  state,
  nothing,
}: {
  readonly state: ReturnType<typeof usePlayback>['state'];
  readonly nothing: boolean;
}): ReactNode {
  if (nothing)
    return <div className="player-note">Nothing was shown in this session. What happened is listed beside.</div>;
  if (state === null) return null;
  if (state.problem !== null)
    return (
      <div className="player-note" role="alert">
        {state.problem}
      </div>
    );
  if (state.computed === null) return null;
  return (
    <div className="player-note" role="status">
      The server goes through the recording to find this screen: {Math.round(state.computed * 100)} %
    </div>
  );
}
