import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { screensFor } from './screens.ts';
import { useViewer } from './viewer.tsx';

/** Ctrl+K: every screen by its name. */
export function Palette(): ReactNode {
  const { permissions } = useViewer();
  const [, go] = useLocation();
  const actions: SpotlightActionData[] = screensFor(permissions)
    .filter(({ group }) => group !== undefined)
    .map(({ path, title, group, words }) => ({
      id: path,
      label: title,
      ...(group === undefined ? {} : { description: group }),
      keywords: words ?? '',
      onClick: () => go(path),
    }));
  return (
    <Spotlight
      actions={actions}
      shortcut={['mod + K', '/']}
      nothingFound="Nothing has that name"
      highlightQuery
      attributes={{ content: { 'aria-label': 'Go to' } }}
      searchProps={{ placeholder: 'Go to …', 'aria-label': 'Go to a screen' }}
    />
  );
}
