import { Anchor, Checkbox, Code, Group, Stack, Text, Textarea } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { CopyButton } from '../../parts/copy-button.tsx';
import type { DocumentError } from './document/error-places.ts';

export interface YamlEditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly errors: readonly DocumentError[];
  readonly setSecrets: boolean;
  readonly onSetSecrets: (setSecrets: boolean) => void;
  /** The command lines that do the same. */
  readonly commands: readonly string[];
}

/** The whole document as text, to copy and to change; errors lead to their line. */
export function YamlEditor(props: YamlEditorProps): ReactNode {
  const { text, onChange, errors, setSecrets, onSetSecrets, commands } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  const toLine = (line: number): void => {
    const lines = text.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };
  return (
    <Stack gap="sm" maw={860}>
      <Group justify="space-between" align="flex-end">
        <Stack gap={4}>
          {commands.map((command) => (
            <Code key={command}>{command}</Code>
          ))}
        </Stack>
        <CopyButton text={text} what="the YAML" />
      </Group>
      <Textarea
        ref={area}
        label="YAML"
        description="As the command line reads and writes it. Write-only values are never shown."
        autosize
        minRows={12}
        maxRows={34}
        value={text}
        spellCheck={false}
        error={errors.length > 0}
        onChange={(event) => onChange(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13, lineHeight: 1.5 } }}
      />
      {errors.length === 0 ? null : (
        <Stack gap={2} role="alert" c="var(--mantine-color-error)">
          {errors.map(({ message, line }) => (
            <Text key={`${line ?? ''} ${message}`} size="sm" component="div">
              {line === null ? null : (
                <Anchor component="button" type="button" fz="sm" onClick={() => toLine(line)}>
                  Line {line}
                </Anchor>
              )}
              {line === null ? message : `: ${message}`}
            </Text>
          ))}
        </Stack>
      )}
      <Checkbox
        label="Put write-only values in custody even where some are set (--set-secrets)"
        checked={setSecrets}
        onChange={(event) => onSetSecrets(event.currentTarget.checked)}
      />
    </Stack>
  );
}
