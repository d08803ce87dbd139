import { Button, Code, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Paste, pasteToShow } from './paste.ts';

export interface PasteDialogProps {
  readonly paste: Paste | null;
  readonly send: () => void;
  readonly done: () => void;
}

/** Shows what would be typed into the target, and asks: a line end runs what stands before it. */
export function PasteDialog({ paste, send, done }: PasteDialogProps): ReactNode {
  return (
    <Modal
      opened={paste !== null}
      onClose={done}
      withinPortal={false}
      size="lg"
      returnFocus={false}
      title="Paste this into the terminal?"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {paste === null ? null : (
        <Stack gap="sm">
          <Text size="sm">{wordsOf(paste)}</Text>
          <Code block className="paste-shown" tabIndex={0} role="region" aria-label="What would be sent">
            {pasteToShow(paste)}
          </Code>
          <Group justify="flex-end">
            <Button variant="default" onClick={done} data-autofocus>
              Cancel
            </Button>
            <Button
              onClick={() => {
                send();
                done();
              }}
            >
              Paste
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function wordsOf({ text, lines, dropped }: Paste): string {
  const count = lines === 1 ? '1 line' : `${String(lines)} lines`;
  const ends = text.includes('\n') ? `${count}: each line end may run what stands before it. ` : '';
  const left = dropped > 0 ? `Control or invisible characters are left out: ${String(dropped)}. ` : '';
  return `${ends}${left}This is what would be sent.`;
}
