import { ActionIcon, AppShell, Burger, Button, Group, Kbd, NavLink, ScrollArea, Text, Tooltip } from '@mantine/core';
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { Dialogs } from './dialogs.tsx';
import { screensFor } from './screens.ts';
import { UserMenu } from './user-menu.tsx';
import { useViewer } from './viewer.tsx';
import mark from './mark.svg';

const groups = ['You', 'Audit', 'Administration'] as const;

/** Head line and navigation around every screen. */
export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const [opened, { toggle, close }] = useDisclosure();
  const [location] = useLocation();
  useEffect(close, [location, close]);
  const main = useRef<HTMLElement>(null);
  const shown = useRef(location);
  useEffect(() => {
    if (shown.current === location) return;
    shown.current = location;
    // Who came by a link goes on in what it opened, not at the head of the page (WCAG 2.2, 2.4.3).
    if (main.current?.contains(document.activeElement) === false) main.current.focus({ preventScroll: true });
  }, [location]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <Link href="/" aria-label="Sallyport, my access" className="brand">
              <Group gap={8} wrap="nowrap">
                <img src={mark} alt="" width={26} height={26} />
                <Text fw={650} visibleFrom="xs" c="var(--mantine-color-text)">
                  Sallyport
                </Text>
              </Group>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Button
              variant="default"
              size="xs"
              onClick={spotlight.open}
              rightSection={
                <Kbd size="xs" visibleFrom="sm">
                  Ctrl K
                </Kbd>
              }
            >
              Search
            </Button>
            <SchemeToggle />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Screens">
        <ScrollArea scrollbarSize={8}>
          <Screens />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} ref={main}>
        {children}
      </AppShell.Main>
      <Dialogs />
    </AppShell>
  );
}

function Screens(): ReactNode {
  const { permissions } = useViewer();
  const [location] = useLocation();
  const shown = screensFor(permissions);
  return groups.map((group) => {
    const own = shown.filter((screen) => screen.group === group);
    return own.length === 0 ? null : (
      <div key={group} role="group" aria-label={group}>
        <Text size="xs" fw={600} c="dimmed" px="sm" pt="sm" pb={4}>
          {group}
        </Text>
        {own.map(({ path, title }) => {
          const active = path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
          return (
            <NavLink
              key={path}
              component={Link}
              href={path}
              label={title}
              active={active}
              py={2}
              aria-current={active ? 'page' : undefined}
            />
          );
        })}
      </div>
    );
  });
}

function SchemeToggle(): ReactNode {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`To the ${other} colours`}>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={`To the ${other} colours`}
        onClick={() => setColorScheme(other)}
      >
        <span aria-hidden>{scheme === 'dark' ? '☀' : '☾'}</span>
      </ActionIcon>
    </Tooltip>
  );
}
