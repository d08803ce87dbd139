import { Anchor, Badge, Group, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ResourceDocument } from './document/document.ts';
import type { Column } from './kinds/fields.ts';
import { type KindName, objectPath } from './kinds/kind-names.ts';

export interface ObjectTableProps {
  readonly kind: KindName;
  readonly columns: readonly Column[];
  readonly objects: readonly { readonly name: string; readonly document: unknown }[];
}

const anywhere = { overflowWrap: 'anywhere' } as const;
/** What is so short is one word to the eye: `PostgreSQL`, `Active`. */
const shortest = 14;
const unbroken = { whiteSpace: 'nowrap' } as const;

/** One line for each object; on a narrow window what its columns say stands below its name. */
export function ObjectTable({ kind, columns, objects }: ObjectTableProps): ReactNode {
  return (
    <Table verticalSpacing="sm" highlightOnHover aria-label={kind.title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          {columns.map(({ title }) => (
            <Table.Th key={title} visibleFrom="md" style={unbroken}>
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {objects.map((object) => {
          const document = object.document as ResourceDocument;
          return (
            <Table.Tr key={object.name}>
              <Table.Td style={anywhere}>
                <Anchor component={Link} href={objectPath(kind, object.name)} fw={600}>
                  {object.name}
                </Anchor>
                <Labels labels={document.metadata.labels ?? {}} />
                <Stack gap={2} mt={4} hiddenFrom="md">
                  {columns.map((column) => (
                    <NarrowCell key={column.title} column={column} document={document} />
                  ))}
                </Stack>
              </Table.Td>
              {columns.map((column) => (
                <Table.Td key={column.title} maw={340} visibleFrom="md">
                  <Said column={column} document={document} />
                </Table.Td>
              ))}
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

interface CellProps {
  readonly column: Column;
  readonly document: ResourceDocument;
}

function NarrowCell({ column, document }: CellProps): ReactNode {
  if (column.of(document.spec) === '') return null;
  return (
    <Group gap={6} wrap="nowrap" align="baseline">
      <Text size="sm" c="dimmed" style={unbroken}>
        {column.title}
      </Text>
      <Said column={column} document={document} />
    </Group>
  );
}

function Said({ column, document }: CellProps): ReactNode {
  const text = column.of(document.spec);
  if (column.warns?.(document.spec) === true) {
    return (
      <Badge color="orange" variant="light" tt="none" miw="max-content">
        {text}
      </Badge>
    );
  }
  return (
    <Text
      size="sm"
      lineClamp={3}
      style={text.length <= shortest ? unbroken : anywhere}
      {...(text === 'Disabled' ? { c: 'dimmed', fs: 'italic' } : {})}
    >
      {text}
    </Text>
  );
}

function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }): ReactNode {
  const entries = Object.entries(labels);
  if (entries.length === 0) return null;
  const more = entries.length - 4;
  return (
    <Group gap={4} mt={2}>
      {entries.slice(0, 4).map(([key, value]) => (
        <Badge key={key} size="sm" variant="default" tt="none" fw={400} maw="100%">
          {key}={value}
        </Badge>
      ))}
      {more > 0 ? (
        <Text size="xs" c="dimmed">
          and {more} more
        </Text>
      ) : null}
    </Group>
  );
}
