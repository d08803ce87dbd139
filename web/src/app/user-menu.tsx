import { Button, Menu } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { Link } from 'wouter';
import { useUrlOverlay } from '../parts/url-state.ts';
import { useViewer } from './viewer.tsx';

/** Everything that belongs to the person: account, command line, sign out. */
export function UserMenu(): ReactNode {
  const { name, roles, permissions } = useViewer();
  const [, openDialog] = useUrlOverlay('dialog');
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
          <Menu.Item onClick={() => openDialog('token')}>Make a temporary token</Menu.Item>
          <Menu.Item component={Link} href="/my/tokens">
            My tokens
          </Menu.Item>
          <Menu.Item component={Link} href="/my/security">
            Security: logins, factors, keys
          </Menu.Item>
          <Menu.Item component="a" href="/auth/account">
            Account and providers
          </Menu.Item>
          {permissions.includes('administer') ? (
            <Menu.Item component="a" href="/graphql" target="_blank">
              GraphiQL (new tab)
            </Menu.Item>
          ) : null}
          <Menu.Divider />
          <Menu.Item onClick={() => form.current?.submit()}>Sign out</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
