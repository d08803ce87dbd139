import { Button, Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { kindName, objectPath } from '../admin/kinds/kind-names.ts';
import { accessPath } from './paths.ts';

export interface KeyActionsProps {
  readonly name: string;
  readonly administers: boolean;
  readonly onPublicKey: () => void;
}

/** What can be done with a key. */
export function KeyActions({ name, administers, onPublicKey }: KeyActionsProps): ReactNode {
  const kind = kindName('SshKey');
  return (
    <Menu
      position="bottom-end"
      width={230}
      shadow="md"
      withInitialFocusPlaceholder={false}
      // Not within the table, which would cut it off, and not outside of the page's landmarks.
      portalProps={{ target: '#main' }}
    >
      <Menu.Target>
        <Button variant="default" size="xs" aria-label={`Actions for ${name}`}>
          Actions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} href={accessPath(name)}>
          Start session with a key
        </Menu.Item>
        <Menu.Item onClick={onPublicKey}>Show the public key</Menu.Item>
        {administers && kind !== undefined ? (
          <Menu.Item component={Link} href={objectPath(kind, name)}>
            Change the key
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
