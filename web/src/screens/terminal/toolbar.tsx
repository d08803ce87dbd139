import { Badge, Button, Group, Kbd, Menu, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { LinkState } from './link-state.ts';
import { fontSizes, type Preferences } from './preferences.ts';

/** Where a person arrives who leaves the terminal by keyboard. */
export const toolsId = 'terminal-tools';

export interface ToolbarProps {
  readonly target: string;
  readonly account: string;
  readonly state: LinkState;
  readonly preferences: Preferences;
  readonly prefer: (preferences: Preferences) => void;
  readonly copy: () => void;
  readonly search: () => void;
  readonly end: () => void;
}

const phases: Readonly<Record<LinkState['phase'], readonly [text: string, color: string]>> = {
  connecting: ['Connecting', 'gray'],
  open: ['Connected', 'teal'],
  lost: ['Connection lost', 'orange'],
  over: ['Ended', 'gray'],
};

/** Where this terminal is, how it stands, and what can be done. */
export function Toolbar({ target, account, state, search, ...menu }: ToolbarProps): ReactNode {
  const [text, color] = phases[state.phase];
  return (
    <Group justify="space-between" wrap="nowrap" px="sm" py={6} gap="sm">
      <Group gap="sm" wrap="nowrap" miw={0}>
        <Title order={1} size="h5" className="terminal-name">
          {account}@{target}
        </Title>
        <Badge color={color} variant="dot" tt="none" flex="none">
          {text}
        </Badge>
        {state.session?.recorded === true && state.phase !== 'over' ? (
          <Badge color="red" variant="dot" tt="none" flex="none" visibleFrom="xs" title="What you do here is recorded.">
            Recorded
          </Badge>
        ) : null}
      </Group>
      <Group gap="xs" wrap="nowrap">
        <Text size="xs" c="dimmed" visibleFrom="md">
          <Kbd size="xs">Ctrl Shift L</Kbd> leaves the terminal
        </Text>
        <Button size="xs" variant="default" onClick={search} visibleFrom="xs">
          Search
        </Button>
        <div id={toolsId}>
          <ToolsMenu {...menu} state={state} search={search} />
        </div>
        <Button size="xs" variant="default" component={Link} href="/" visibleFrom="sm">
          My access
        </Button>
      </Group>
    </Group>
  );
}

function ToolsMenu(props: Omit<ToolbarProps, 'target' | 'account'>): ReactNode {
  const { state, preferences, prefer, copy, search, end } = props;
  const at = fontSizes.indexOf(preferences.fontSize);
  const size = (step: number): void => {
    const fontSize = fontSizes[at + step];
    if (fontSize !== undefined) prefer({ ...preferences, fontSize });
  };
  return (
    <Menu position="bottom-end" width={300} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button size="xs" variant="default">
          Terminal
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={copy} rightSection={<Kbd size="xs">Ctrl Shift C</Kbd>}>
          Copy the selection
        </Menu.Item>
        <Menu.Item onClick={search} rightSection={<Kbd size="xs">Ctrl Shift F</Kbd>}>
          Search
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item closeMenuOnClick={false} disabled={at === fontSizes.length - 1} onClick={() => size(1)}>
          Larger letters ({preferences.fontSize} px)
        </Menu.Item>
        <Menu.Item closeMenuOnClick={false} disabled={at <= 0} onClick={() => size(-1)}>
          Smaller letters
        </Menu.Item>
        <Menu.Item onClick={() => prefer({ ...preferences, screenReader: !preferences.screenReader })}>
          {preferences.screenReader ? 'No screen reader any more' : 'For a screen reader'}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>
          Every key goes to the target, but for: Ctrl+Shift+C copies, Ctrl+Shift+V pastes, Ctrl+Shift+F searches,
          Ctrl+Shift+L or Ctrl+Shift+Escape leaves the terminal for these tools.
        </Menu.Label>
        <Menu.Divider />
        {/* Shown at any width: arrows stop before an item that is there and hidden. */}
        <Menu.Item component={Link} href="/">
          My access
        </Menu.Item>
        <Menu.Item disabled={state.phase !== 'open'} onClick={end}>
          End this session
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
