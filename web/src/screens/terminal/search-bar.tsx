import { ActionIcon, CloseButton, Group, Text, TextInput } from '@mantine/core';
import type { SearchAddon } from '@xterm/addon-search';
import { type ReactNode, useEffect, useRef, useState } from 'react';

/** Colours of hits on the terminal's own ground. */
const decorations = {
  matchBackground: '#4d4a1d',
  matchOverviewRuler: '#c9b458',
  activeMatchBackground: '#8a6d00',
  activeMatchColorOverviewRuler: '#ffd75e',
};

/** Searches in what the screen still holds. Enter: the one before; Shift+Enter: the next; Escape: back. */
export function SearchBar({ search, done }: { readonly search: SearchAddon; readonly done: () => void }): ReactNode {
  const [text, setText] = useState('');
  const [found, setFound] = useState<{ readonly at: number; readonly of: number } | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    const results = search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setFound({ at: resultIndex + 1, of: resultCount }),
    );
    return () => {
      results.dispose();
      search.clearDecorations();
    };
  }, [search]);
  const older = (): void => void search.findPrevious(text, { decorations });
  const newer = (): void => void search.findNext(text, { decorations });
  return (
    <Group role="search" aria-label="In this terminal" gap="xs" px="sm" py={6} wrap="nowrap">
      <TextInput
        ref={field}
        size="xs"
        w={260}
        aria-label="Search in the terminal"
        placeholder="Search in the terminal"
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          if (value === '') {
            search.clearDecorations();
            setFound(null);
          } else search.findPrevious(value, { decorations, incremental: true });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') done();
          if (event.key === 'Enter') (event.shiftKey ? newer : older)();
        }}
      />
      <ActionIcon variant="default" aria-label="Older hit" onClick={older}>
        ↑
      </ActionIcon>
      <ActionIcon variant="default" aria-label="Newer hit" onClick={newer}>
        ↓
      </ActionIcon>
      <Text size="sm" c="dimmed" role="status" className="terminal-name" flex="none">
        {text === '' || found === null
          ? ''
          : found.of === 0
            ? 'Nothing found'
            : `${String(found.at)} of ${String(found.of)}`}
      </Text>
      <CloseButton aria-label="Close the search" onClick={done} ml="auto" />
    </Group>
  );
}
