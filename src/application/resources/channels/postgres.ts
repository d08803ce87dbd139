import { z } from 'zod';
import type { Json } from '../../../domain/kernel/json.ts';
import { nearest } from '../../../domain/kernel/nearest.ts';
import {
  defaultPostgresChannels,
  isDatabaseName,
  isObjectPattern,
  isStatementWord,
  notUnderstoodRules,
  type PostgresChannels,
  statementTexts,
} from '../../../domain/policy/postgres-channels.ts';
import { statementWords } from '../../../domain/policy/statement-kinds.ts';
import { fields, flag, line, list, oneOf } from '../fields.ts';
import { size, sizeText } from '../sizes.ts';

/** Any case and spacing: `Drop  Table` is `drop table`. */
const word = line
  .transform((text) => text.trim().replaceAll(/\s+/g, ' ').toLowerCase())
  .refine(isStatementWord, {
    error: ({ input }) => `is no kind of statement; did you mean ${nearest(String(input), statementWords)}?`,
  });

const objects = list(
  line.refine(isObjectPattern, 'must be name, schema.name or schema.*, as the database stores names, without quotes'),
);

const rows = z
  .number({ error: 'must be a number of rows above zero' })
  .refine((value) => Number.isSafeInteger(value) && value > 0, 'must be a number of rows above zero');

export const postgres = fields({
  databases: list(line.refine(isDatabaseName, 'must be the name of a database, at most 63 bytes')).optional(),
  readOnly: flag.optional(),
  allow: list(word).optional(),
  deny: list(word).optional(),
  objects: fields({ allow: objects.optional(), deny: objects.optional() }).optional(),
  maxRows: rows.optional(),
  maxBytes: size.optional(),
  notUnderstood: oneOf(notUnderstoodRules).optional(),
  statements: oneOf(statementTexts).optional(),
});

/** What is not named is as in `defaultPostgresChannels`. */
export function postgresChannels(given: z.infer<typeof postgres> = {}): PostgresChannels {
  const base = defaultPostgresChannels;
  return {
    databases: [...new Set(given.databases ?? base.databases)],
    readOnly: given.readOnly ?? base.readOnly,
    allow: [...new Set(given.allow ?? base.allow)],
    deny: [...new Set(given.deny ?? base.deny)],
    objects: {
      allow: [...new Set(given.objects?.allow ?? base.objects.allow)],
      deny: [...new Set(given.objects?.deny ?? base.objects.deny)],
    },
    maxRows: given.maxRows ?? base.maxRows,
    maxBytes: given.maxBytes ?? base.maxBytes,
    notUnderstood: given.notUnderstood ?? base.notUnderstood,
    statements: given.statements ?? base.statements,
  };
}

/** As an administrator writes it, whole. */
export function showPostgres(spec: PostgresChannels): Readonly<Record<string, Json>> {
  return { ...spec, maxBytes: spec.maxBytes === null ? null : sizeText(spec.maxBytes) };
}
