import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  GraphQLID,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLString,
  isAbstractType,
  isNonNullType,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { completerOf } from './complete.ts';
import type { Plan, PlannedField, Selection } from './place.ts';

/**
 * The plan of a query whose document fits the schema. Null where the fields depend on more than the types (`@skip`,
 * `@include`), where it asks for the schema itself, and where a name means something to JavaScript.
 */
export function planOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Plan | null {
  const type = schema.getQueryType();
  if (operation.operation !== 'query' || !type || !isPlain(document)) return null;
  const fragments = Object.fromEntries(
    document.definitions.flatMap((one) => (one.kind === 'FragmentDefinition' ? [[one.name.value, one]] : [])),
  );
  const root = selectionOf({ schema, fragments }, [operation.selectionSet]).fieldsOf(type);
  return { schema, operation, fragments, root };
}

function isPlain(document: DocumentNode): boolean {
  let plain = true;
  visit(document, {
    Directive: () => {
      plain = false;
    },
    Field: ({ name, alias }) => {
      if ((name.value.startsWith('__') && name.value !== '__typename') || alias?.value === '__proto__') plain = false;
    },
  });
  return plain;
}

type Names = Pick<Plan, 'schema' | 'fragments'>;

function selectionOf(names: Names, sets: readonly SelectionSetNode[]): Selection {
  const planned = new Map<GraphQLObjectType, readonly PlannedField[]>();
  return {
    fieldsOf: (type) => {
      const known = planned.get(type);
      if (known !== undefined) return known;
      const fields = plannedFields(names, type, sets);
      planned.set(type, fields);
      return fields;
    },
  };
}

function plannedFields(names: Names, parentType: GraphQLObjectType, sets: readonly SelectionSetNode[]): PlannedField[] {
  const collected = new Map<string, [FieldNode, ...FieldNode[]]>();
  const visited = new Set<string>();
  for (const set of sets) collect(names, parentType, set, collected, visited);
  return [...collected].flatMap(([key, nodes]) => {
    const definition = names.schema.getField(parentType, nodes[0].name.value);
    if (definition === undefined) return [];
    const below = nodes.flatMap(({ selectionSet }) => (selectionSet === undefined ? [] : [selectionSet]));
    const complete = completerOf(definition.type, names.schema, selectionOf(names, below));
    const text = parentType === names.schema.getQueryType() ? null : textOf(definition);
    return [{ key, parentType, definition, nodes, complete, text }];
  });
}

/** Text is its own completion where no resolver comes before it; most of a list is that. */
function textOf({ name, resolve, args, type }: GraphQLField<unknown, unknown>): string | null {
  const plain = isNonNullType(type) ? type.ofType : type;
  return resolve === undefined && args.length === 0 && (plain === GraphQLString || plain === GraphQLID) ? name : null;
}

/** GraphQL, 6.3.2: the same key more than once is one field, its selections are taken together. */
function collect(
  names: Names,
  type: GraphQLObjectType,
  set: SelectionSetNode,
  collected: Map<string, [FieldNode, ...FieldNode[]]>,
  visited: Set<string>,
): void {
  for (const selection of set.selections) {
    if (selection.kind === 'Field') {
      const key = (selection.alias ?? selection.name).value;
      const same = collected.get(key);
      if (same === undefined) collected.set(key, [selection]);
      else same.push(selection);
      continue;
    }
    if (selection.kind === 'InlineFragment') {
      if (applies(names, type, selection.typeCondition))
        collect(names, type, selection.selectionSet, collected, visited);
      continue;
    }
    const name = selection.name.value;
    const fragment = names.fragments[name];
    if (fragment === undefined || visited.has(name)) continue;
    visited.add(name);
    if (applies(names, type, fragment.typeCondition)) collect(names, type, fragment.selectionSet, collected, visited);
  }
}

function applies({ schema }: Names, type: GraphQLObjectType, condition: NamedTypeNode | undefined): boolean {
  if (condition === undefined) return true;
  const wanted = schema.getType(condition.name.value);
  return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type));
}
