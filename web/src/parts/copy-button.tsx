import { Button, type ButtonProps } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import type { ReactNode } from 'react';

export interface CopyButtonProps extends Pick<ButtonProps, 'size' | 'variant'> {
  readonly text: string;
  /** What is copied, for who hears the button. */
  readonly what: string;
}

/** Puts a text on the clipboard, and says so. */
export function CopyButton({ text, what, size = 'xs', variant = 'default' }: CopyButtonProps): ReactNode {
  const { copy, copied, error } = useClipboard({ timeout: 2_500 });
  const said = error === null ? (copied ? 'Copied' : 'Copy') : 'Select it and press Ctrl+C';
  return (
    <Button size={size} variant={variant} onClick={() => copy(text)} aria-label={`${said}: ${what}`} miw={72}>
      <span role="status">{said}</span>
    </Button>
  );
}
