import { Badge, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Statement } from '../player/shapes.ts';
import { howText, outcomeText, valueText } from './statement-texts.ts';

export interface StatementItemProps {
  readonly statement: Statement;
  readonly label: (milliseconds: number) => string;
}

/** One statement: when, its text, its parameters, and how it ended. All of it is text, never markup. */
export function StatementItem({ statement, label }: StatementItemProps): ReactNode {
  const { at, n, text, kind, fingerprint, parameters = [], verdict, why, prepared = {}, cut, error } = statement;
  const failed = error !== undefined && error !== null;
  return (
    <li className={verdict === 'denied' ? 'denied' : undefined}>
      <div className="when">
        <Text size="sm">{label(at)}</Text>
        <Text size="xs" c="dimmed">
          {n === undefined ? '' : `#${String(n)}`}
        </Text>
      </div>
      <div className="body">
        <Group gap={6}>
          {verdict === 'denied' ? (
            <Badge color="red" variant="light" tt="none">
              Refused
            </Badge>
          ) : null}
          {verdict === 'marked' ? (
            <Badge color="yellow" variant="light" tt="none">
              Not understood
            </Badge>
          ) : null}
          <Text size="xs" c="dimmed">
            {[howText(statement), kind].filter((part) => part !== undefined).join(' · ')}
          </Text>
        </Group>
        <pre>
          {text ?? (fingerprint === undefined ? '(text not kept)' : `(text not kept, fingerprint ${fingerprint})`)}
        </pre>
        {parameters.length === 0 ? null : (
          <ul className="parameters" aria-label="Parameters">
            {parameters.map((value, place) => (
              // Their places are their names.
              <li key={`$${String(place + 1)}`}>
                ${place + 1} = {valueText(value)}
              </li>
            ))}
          </ul>
        )}
        {Object.entries(prepared).map(([name, behind]) => (
          <Text key={name} size="xs" c="dimmed">
            “{name}” is {behind ?? 'a text that is not known'}
          </Text>
        ))}
        {cut === undefined ? null : (
          <Text size="xs" c="dimmed">
            Longer than is shown here: the whole of it is in the export.
          </Text>
        )}
        {why === undefined ? null : <Text size="sm">{why}</Text>}
        <Text size="xs" c={failed ? 'var(--mantine-color-error)' : 'dimmed'}>
          {outcomeText(statement)}
        </Text>
      </div>
    </li>
  );
}
