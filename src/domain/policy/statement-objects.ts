import type { StatementObject } from './statements.ts';

/**
 * Rules about objects: `name` (in any schema), `schema.name`, `schema.*`. A name without a schema may be in any, since
 * the person chooses the search path: it is denied with the first schema that it could be in, and allowed only by `name`.
 */

/** Statistics and large objects hold values of tables that rules may speak of. */
const holdsValues = /^pg_(?:stats|stats_ext|stats_ext_exprs|statistic|statistic_ext_data|largeobject)$/;

function isOfValues({ type, schema, name }: StatementObject): boolean {
  return type === 'relation' && (schema === null || schema === 'pg_catalog') && holdsValues.test(name);
}

/** What says how the database is made: read by every tool, and open unless it is denied. */
function isCatalog(object: StatementObject): boolean {
  const { type, schema, name, access } = object;
  if (type !== 'relation' || access !== 'read' || isOfValues(object)) return false;
  return schema === 'pg_catalog' || schema === 'information_schema' || (schema === null && name.startsWith('pg_'));
}

function parts(pattern: string): { readonly schema: string | null; readonly name: string } {
  const [first = '', second] = pattern.split('.');
  return second === undefined ? { schema: null, name: first } : { schema: first, name: second };
}

/** Whether `pattern` may speak of `object`. */
function mayBe(pattern: string, object: StatementObject): boolean {
  const rule = parts(pattern);
  if (object.type === 'schema') return rule.schema === null || rule.schema === object.name;
  const inSchema = rule.schema === null || object.schema === null || rule.schema === object.schema;
  if (!inSchema) return false;
  if (object.schema === null && rule.name === '*' && isCatalog(object)) return rule.schema === 'pg_catalog';
  return rule.name === '*' || object.name === '*' || rule.name === object.name;
}

/** Whether `pattern` speaks of `object` for certain. */
function surelyIs(pattern: string, object: StatementObject): boolean {
  const rule = parts(pattern);
  if (object.type === 'schema') return rule.schema === object.name && rule.name === '*';
  if (rule.schema !== null && rule.schema !== object.schema) return false;
  return rule.name === object.name || rule.name === '*';
}

/** Whether rules let a statement name `object`. Roles, databases and what has no rows are not what rules speak of. */
export function isOpen(
  rules: { readonly allow: readonly string[]; readonly deny: readonly string[] },
  object: StatementObject,
): boolean {
  if (object.type !== 'relation' && object.type !== 'schema') return true;
  if (rules.deny.some((pattern) => mayBe(pattern, object))) return false;
  if (rules.allow.length === 0) return !isOfValues(object);
  return isCatalog(object) || rules.allow.some((pattern) => surelyIs(pattern, object));
}
