import { Button, Menu } from '@mantine/core';
import type { ReactNode } from 'react';

export interface DownloadsProps {
  readonly sessionId: string;
  /** There is no screen in it. */
  readonly isDatabase: boolean;
}

const forms = [
  { as: 'asciicast', ending: 'cast', label: 'The screen, as asciicast' },
  { as: 'text', ending: 'txt', label: 'What happened, as text' },
  { as: 'jsonl', ending: 'jsonl', label: 'Every record, as JSON lines' },
] as const;

/** The recording as files, made by the server. Each download is an event, as each look is. */
export function Downloads({ sessionId, isDatabase }: DownloadsProps): ReactNode {
  const fileOf = (as: string): string =>
    `/api/v1/recordings/${encodeURIComponent(sessionId)}?${new URLSearchParams({ as, manner: 'export' }).toString()}`;
  return (
    <Menu position="bottom-end" width={300} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" size="xs">
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {forms.map(({ as, ending, label }) =>
          isDatabase && as === 'asciicast' ? null : (
            <Menu.Item key={as} component="a" href={fileOf(as)} download={`${sessionId}.${ending}`}>
              {label}
            </Menu.Item>
          ),
        )}
        <Menu.Divider />
        <Menu.Label>sallyport recordings export {sessionId}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}
