import { Button, Code, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from '../../parts/copy-button.tsx';
import { saveText } from '../../parts/save-text.ts';
import type { ConnectWay } from './reach-queries.ts';

/** The exact text for one client, to copy; a file can be saved too. */
export function ConnectWayBox({ way }: { readonly way: ConnectWay }): ReactNode {
  const { title, kind, text, fileName, hint } = way;
  const saved = fileName === null ? null : (fileName.split('/').at(-1) ?? fileName);
  return (
    <Stack gap={6} role="group" aria-label={title}>
      <Group justify="space-between" align="flex-end" wrap="nowrap">
        <div>
          <Text fw={600} size="sm">
            {title}
          </Text>
          {kind === 'file' ? (
            <Text size="xs" c="dimmed">
              in the file {fileName}
            </Text>
          ) : null}
        </div>
        <Group gap="xs" wrap="nowrap">
          {saved === null ? null : (
            <Button size="xs" variant="default" onClick={() => saveText(saved, text)} aria-label={`Download: ${title}`}>
              Download
            </Button>
          )}
          <CopyButton text={text} what={title} />
        </Group>
      </Group>
      <Code
        block
        fz="sm"
        tabIndex={0}
        style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 220, overflow: 'auto' }}
      >
        {text}
      </Code>
      {hint === null ? null : (
        <Text size="sm" c="dimmed">
          {withCode(hint)}
        </Text>
      )}
    </Stack>
  );
}

/** What stands between backticks is to be typed. */
function withCode(text: string): readonly ReactNode[] {
  return text.split('`').map((part, place) => (place % 2 === 1 ? <Code key={part}>{part}</Code> : part));
}
