import { Button, Menu } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { happeningsText } from './happenings-text.ts';

export interface DownloadsProps {
  readonly sessionId: string;
  /** There is no screen in it. */
  readonly isDatabase: boolean;
}

/** The recording as files. Each download is an event, as each look is. */
export function Downloads({ sessionId, isDatabase }: DownloadsProps): ReactNode {
  const [problem, setProblem] = useState<string | null>(null);
  const fileOf = (as: string): string =>
    `/api/v1/recordings/${encodeURIComponent(sessionId)}?${new URLSearchParams({ as, manner: 'export' }).toString()}`;
  const asText = async (): Promise<void> => {
    try {
      const address = URL.createObjectURL(await happeningsText(sessionId));
      const link = document.createElement('a');
      link.href = address;
      link.download = `${sessionId}.txt`;
      link.click();
      URL.revokeObjectURL(address);
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      {problem === null ? null : <span role="alert">{problem}</span>}
      <Menu position="bottom-end" width={300} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" size="xs">
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {isDatabase ? null : (
            <Menu.Item component="a" href={fileOf('asciicast')} download={`${sessionId}.cast`}>
              The screen, as asciicast
            </Menu.Item>
          )}
          <Menu.Item onClick={() => void asText()}>What happened, as text</Menu.Item>
          <Menu.Item component="a" href={fileOf('jsonl')} download={`${sessionId}.jsonl`}>
            Every record, as JSON lines
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>sallyport recordings export {sessionId}</Menu.Label>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
