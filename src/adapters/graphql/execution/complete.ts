import {
  defaultTypeResolver,
  GraphQLError,
  type GraphQLAbstractType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { executeFields } from './execute-fields.ts';
import { failed, isPromise, settled } from './failure.ts';
import type { Complete, Path, Place, Selection } from './place.ts';

export function completerOf(type: GraphQLOutputType, schema: GraphQLSchema, below: Selection): Complete {
  if (isNonNullType(type)) {
    const inner = completerOf(type.ofType, schema, below);
    return (place, value, path) => {
      const completed = inner(place, value, path);
      return isPromise(completed) ? presentLater(place, completed) : present(place, completed);
    };
  }
  const complete = isListType(type)
    ? listCompleter(type.ofType, schema, below)
    : isLeafType(type)
      ? leafCompleter(type)
      : isObjectType(type)
        ? objectCompleter(type, below)
        : abstractCompleter(type, schema, below);
  return (place, value, path) => {
    if (value instanceof Error) throw value;
    return value === null || value === undefined ? null : complete(place, value, path);
  };
}

// What waits stands by itself here: most values are there at once, and need no function made to go on with.
async function presentLater(place: Place, completed: Promise<unknown>): Promise<unknown> {
  return present(place, await completed);
}

function present(place: Place, completed: unknown): unknown {
  if (completed !== null) return completed;
  throw new Error(`Cannot return null for non-nullable field ${place.parentType.name}.${place.fieldName}.`);
}

function leafCompleter(type: GraphQLLeafType): Complete {
  return (_place, value) => {
    const completed = coerced(type, value);
    if (completed === null || completed === undefined) throw new Error(`A ${type.name} came to nothing.`);
    return completed;
  };
}

/** A value that does not fit its type is a fault of ours, and not one of the document as other errors of GraphQL are. */
function coerced(type: GraphQLLeafType, value: unknown): unknown {
  try {
    return type.coerceOutputValue(value);
  } catch (error) {
    throw error instanceof GraphQLError ? new Error(error.message) : error;
  }
}

function listCompleter(type: GraphQLOutputType, schema: GraphQLSchema, below: Selection): Complete {
  const complete = completerOf(type, schema, below);
  const itemOf = (place: Place, item: unknown, path: Path): unknown => {
    try {
      const completed = isPromise(item) ? itemLater(place, item, path) : complete(place, item, path);
      return isPromise(completed) ? caught(place, completed, path) : completed;
    } catch (error) {
      return failed(place, type, path, error);
    }
  };
  const itemLater = async (place: Place, item: Promise<unknown>, path: Path): Promise<unknown> =>
    complete(place, await item, path);
  const caught = async (place: Place, completed: Promise<unknown>, path: Path): Promise<unknown> => {
    try {
      return await completed;
    } catch (error) {
      return failed(place, type, path, error);
    }
  };
  return (place, value, path) => {
    if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
      throw new Error(
        `Expected Iterable, but did not find one for field "${place.parentType.name}.${place.fieldName}".`,
      );
    }
    const prev = path ?? place.path;
    const given = [...(value as Iterable<unknown>)];
    const items: unknown[] = [];
    try {
      for (const item of given) items.push(itemOf(place, item, { prev, key: items.length, typename: undefined }));
    } catch (error) {
      // The items behind it too: they are under way, and nobody else hears how they end.
      return settled([...items, ...given.slice(items.length)].filter(isPromise), error);
    }
    return items.some(isPromise) ? Promise.all(items) : items;
  };
}

function objectCompleter(type: GraphQLObjectType, below: Selection): Complete {
  const inside = (place: Place, value: unknown, path: Path | null, is: unknown): unknown => {
    if (is === true) return executeFields(place.run, below.fieldsOf(type), value, path ?? place.path);
    throw new Error(`Something else came where a ${type.name} was expected.`);
  };
  const insideLater = async (place: Place, value: unknown, path: Path | null, is: Promise<unknown>): Promise<unknown> =>
    inside(place, value, path, await is);
  return (place, value, path) => {
    // Also where the scopes of a type are checked that checks them once for all of its fields.
    const { isTypeOf } = type;
    const is: unknown = isTypeOf ? isTypeOf(value, place.run.context, place) : true;
    return isPromise(is) ? insideLater(place, value, path, is) : inside(place, value, path, is);
  };
}

function abstractCompleter(type: GraphQLAbstractType, schema: GraphQLSchema, below: Selection): Complete {
  const completers = new Map(schema.getPossibleTypes(type).map((one) => [one.name, objectCompleter(one, below)]));
  const resolveType = type.resolveType ?? defaultTypeResolver;
  return (place, value, path) => {
    const inside = (name: unknown): unknown => {
      const complete = completers.get(String(name));
      if (complete === undefined) throw new Error(`Something came that is no ${type.name}.`);
      return complete(place, value, path);
    };
    const name = resolveType(value, place.run.context, place, type);
    return isPromise(name) ? name.then((one) => inside(one)) : inside(name);
  };
}
