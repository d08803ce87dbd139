import type { ObjectAccess, StatementObject } from '../../domain/policy/statements.ts';
import { list, nameParts, node, text, tree, type Tree } from './tree.ts';

/** Objects that a statement names otherwise than by a RangeVar. */

const relations = new Set(['TABLE', 'VIEW', 'MATVIEW', 'INDEX', 'SEQUENCE', 'FOREIGN_TABLE']);
/** Named as the relation they belong to and then their own name. */
const partsOfRelations = new Set(['COLUMN', 'TRIGGER', 'RULE', 'POLICY', 'TABCONSTRAINT']);

type Named = readonly StatementObject[];

/** Everything; every object that rules speak of may be in it. */
function everything(access: ObjectAccess): Named {
  return [{ type: 'relation', schema: null, name: '*', access }];
}

function schemaNamed(name: string | null, access: ObjectAccess = 'define'): Named {
  return name === null ? [] : [{ type: 'schema', schema: null, name, access }];
}

function inSchema(schema: string | null, access: ObjectAccess): Named {
  return schema === null ? everything(access) : [{ type: 'relation', schema, name: '*', access }];
}

export function relationNamed(parts: readonly string[], access: ObjectAccess): Named {
  const name = parts.at(-1);
  return name === undefined ? [] : [{ type: 'relation', schema: parts.at(-2) ?? null, name, access }];
}

function simple(type: StatementObject['type'], name: unknown): Named {
  const found = text(name);
  return found === null ? [] : [{ type, schema: null, name: found, access: 'define' }];
}

/** An object by its ObjectType and the list that names it. */
function byType(objectType: unknown, object: unknown): Named {
  const type = (text(objectType) ?? '').replace(/^OBJECT_/, '');
  const parts = nameParts(object);
  if (relations.has(type)) return relationNamed(parts, 'define');
  if (partsOfRelations.has(type)) return relationNamed(parts.slice(0, -1), 'define');
  if (type === 'SCHEMA') return schemaNamed(parts.at(-1) ?? null);
  const name = parts.at(-1);
  if (name === undefined) return [];
  const known = type === 'DATABASE' ? 'database' : type === 'ROLE' ? 'role' : 'other';
  return [{ type: known, schema: parts.at(-2) ?? null, name, access: 'define' }];
}

function roles(specs: unknown): Named {
  return list(specs).flatMap((spec) => simple('role', node(spec)?.fields.rolename));
}

function granted({ targtype, objtype, objects, grantees }: Tree): Named {
  const each = list(objects).flatMap((object) => {
    if (targtype === 'ACL_TARGET_ALL_IN_SCHEMA') return inSchema(nameParts(object).at(-1) ?? null, 'define');
    // Tables and sequences are RangeVars, which the walk sees.
    return node(object)?.type === 'RangeVar' ? [] : byType(objtype, object);
  });
  return [...each, ...roles(grantees)];
}

function schemasOf(options: unknown): Named {
  return list(options).flatMap((option) => {
    const { defname, arg } = node(option)?.fields ?? {};
    return defname === 'schemas' ? nameParts(arg).flatMap((name) => schemaNamed(name)) : [];
  });
}

const bodies: Readonly<Record<string, (fields: Tree) => Named>> = {
  DropStmt: ({ objects, removeType }) => list(objects).flatMap((object) => byType(removeType, object)),
  CommentStmt: ({ objtype, object }) => byType(objtype, object),
  SecLabelStmt: ({ objtype, object }) => byType(objtype, object),
  AlterOwnerStmt: ({ objectType, object }) => byType(objectType, object),
  AlterObjectSchemaStmt: ({ objectType, object, newschema }) => [
    ...byType(objectType, object),
    ...schemaNamed(text(newschema)),
  ],
  AlterExtensionContentsStmt: ({ objtype, object }) => byType(objtype, object),
  RenameStmt: ({ renameType, object, subname }) => {
    if (renameType === 'OBJECT_SCHEMA') return schemaNamed(text(subname));
    if (renameType === 'OBJECT_DATABASE') return simple('database', subname);
    if (renameType === 'OBJECT_ROLE') return simple('role', subname);
    return byType(renameType, object);
  },
  GrantStmt: granted,
  GrantRoleStmt: ({ granted_roles: given, grantee_roles: to }) => [
    ...list(given).flatMap((each) => simple('role', node(each)?.fields.priv_name)),
    ...roles(to),
  ],
  AlterDefaultPrivilegesStmt: ({ options }) => schemasOf(options),
  CreateSchemaStmt: ({ schemaname, authrole }) => schemaNamed(text(schemaname) ?? text(tree(authrole).rolename)),
  ImportForeignSchemaStmt: ({ local_schema: schema }) => schemaNamed(text(schema)),
  PublicationObjSpec: ({ pubobjtype, name }) =>
    pubobjtype === 'PUBLICATIONOBJ_TABLE' ? [] : inSchema(text(name), 'read'),
  CreatePublicationStmt: ({ for_all_tables: all }) => (all === true ? everything('read') : []),
  ReindexStmt: ({ relation, kind, name }) => {
    if (relation !== undefined) return [];
    return kind === 'REINDEX_OBJECT_SCHEMA' ? inSchema(text(name), 'define') : everything('define');
  },
  VacuumStmt: ({ rels }) => (rels === undefined ? everything('write') : []),
  ClusterStmt: ({ relation }) => (relation === undefined ? everything('define') : []),
  AlterTableMoveAllStmt: () => everything('define'),
  DropOwnedStmt: ({ roles: owners }) => [...everything('define'), ...roles(owners)],
  ReassignOwnedStmt: ({ roles: owners }) => [...everything('define'), ...roles(owners)],
  CreatedbStmt: ({ dbname }) => simple('database', dbname),
  DropdbStmt: ({ dbname }) => simple('database', dbname),
  AlterDatabaseStmt: ({ dbname }) => simple('database', dbname),
  AlterDatabaseSetStmt: ({ dbname }) => simple('database', dbname),
  CreateRoleStmt: ({ role }) => simple('role', role),
  AlterRoleStmt: ({ role }) => simple('role', tree(role).rolename),
  AlterRoleSetStmt: ({ role }) => simple('role', tree(role).rolename),
  DropRoleStmt: ({ roles: gone }) => roles(gone),
  // What code does can't be seen, nor what a file or a program holds.
  DoStmt: () => everything('write'),
  CallStmt: () => everything('write'),
  LoadStmt: () => everything('write'),
  CreateFunctionStmt: ({ sql_body: body }) => (body === undefined ? everything('write') : []),
  CopyStmt: ({ filename, is_from: isFrom }) =>
    filename === undefined ? [] : everything(isFrom === true ? 'read' : 'write'),
};

/** The objects that node names by itself, apart from its RangeVars. */
export function namedObjects(type: string, fields: Tree): Named {
  return Object.hasOwn(bodies, type) ? (bodies[type]?.(fields) ?? []) : [];
}
