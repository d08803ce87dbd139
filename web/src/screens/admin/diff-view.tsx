import { Box } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DiffLine } from './document/diff-lines.ts';

const grounds = { ' ': 'transparent', '+': 'var(--mantine-color-teal-light)', '-': 'var(--mantine-color-red-light)' };

/** Lines that go and lines that come, as text. */
export function DiffView({ lines, label }: { readonly lines: readonly DiffLine[]; readonly label: string }): ReactNode {
  return (
    <Box
      role="region"
      aria-label={label}
      tabIndex={0}
      mah={420}
      fz="sm"
      ff="monospace"
      style={{ overflow: 'auto', border: '1px solid var(--mantine-color-default-border)', borderRadius: 8 }}
      py={6}
    >
      {lines.map(({ sign, text }, index) => {
        const Line = sign === '+' ? 'ins' : sign === '-' ? 'del' : 'div';
        return (
          <Line
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a diff have no other identity.
            key={index}
            style={{
              display: 'block',
              textDecoration: 'none',
              whiteSpace: 'pre-wrap',
              overflowWrap: 'anywhere',
              padding: '0 12px 0 28px',
              textIndent: -16,
              background: grounds[sign],
            }}
          >
            {`${sign} ${text}`}
          </Line>
        );
      })}
    </Box>
  );
}
