import { Button, Menu } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useViewer } from './viewer.tsx';

/** Everything that belongs to the person: account, command line, sign out. */
export function UserMenu(): ReactNode {
  const { name, roles } = useViewer();
  const form = useRef<HTMLFormElement>(null);
  return (
    <>
      <form ref={form} method="post" action="/auth/account/sign-out" hidden />
      <Menu position="bottom-end" width={240} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" size="xs" maw={160} aria-label={`Your menu, ${name}`}>
            {name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {name}
            {roles.length === 0 ? '' : ` · ${roles.join(', ')}`}
          </Menu.Label>
          <Menu.Item component="a" href="/auth/account">
            Account, factors and logins
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => form.current?.submit()}>Sign out</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
