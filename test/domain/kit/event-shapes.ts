import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * The shape of stored data: `string`, `number`, `boolean` or `null`; `{key: shape}` with `key?` for one that may be
 * missing and `*` for any key; `[shape]` for a list; `{oneOf: [...]}`. Literals count as what they are made of: a new
 * reason in a closed union leaves what is stored as it was.
 */
export type Shape = string | readonly Shape[] | { readonly [key: string]: Shape };

const domainFolder = join(import.meta.dirname, '../../../src/domain');

/** The `events.ts` of every aggregate folder. */
export function eventFiles(): readonly string[] {
  return readdirSync(domainFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('/events.ts'))
    .map((file) => join(domainFolder, file))
    .sort();
}

/** The shape of every event type, read from the exported `DomainEvent` types of the given files. */
export function eventShapes(files: readonly string[]): ReadonlyMap<string, Shape> {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const shapes = new Map<string, Shape>();
  for (const file of files) {
    const source = program.getSourceFile(file)!;
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!);
    for (const symbol of exported.filter(({ flags }) => (flags & ts.SymbolFlags.TypeAlias) !== 0)) {
      const type = checker.getDeclaredTypeOfSymbol(symbol);
      const [name, data] = ['type', 'data'].map((key) => type.getProperty(key));
      if (type.isUnion() || name === undefined || data === undefined) continue;
      const literal = checker.getTypeOfSymbol(name);
      if (literal.isStringLiteral()) shapes.set(literal.value, shapeOf(checker, checker.getTypeOfSymbol(data)));
    }
  }
  return shapes;
}

function shapeOf(checker: ts.TypeChecker, type: ts.Type): Shape {
  if ((type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.TemplateLiteral)) !== 0) return 'string';
  if ((type.flags & ts.TypeFlags.NumberLike) !== 0) return 'number';
  if ((type.flags & ts.TypeFlags.BooleanLike) !== 0) return 'boolean';
  if ((type.flags & ts.TypeFlags.Null) !== 0) return 'null';
  if (type.isUnion()) return oneOf(type.types.map((member) => shapeOf(checker, member)));
  if (checker.isArrayType(type)) return [shapeOf(checker, checker.getTypeArguments(type as ts.TypeReference)[0]!)];
  const fields = checker.getPropertiesOfType(type).map((property): [string, Shape] => {
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    return [optional ? `${property.name}?` : property.name, shapeOf(checker, checker.getTypeOfSymbol(property))];
  });
  const index = type.getStringIndexType();
  // `Record<string, never>` is how an event without data is written.
  const open = index === undefined || (index.flags & ts.TypeFlags.Never) !== 0 ? [] : [['*', shapeOf(checker, index)]];
  return Object.fromEntries([...fields, ...(open as [string, Shape][])].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function oneOf(shapes: readonly Shape[]): Shape {
  const different = new Map(shapes.map((shape) => [JSON.stringify(shape), shape]));
  const sorted = [...different].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shape]) => shape);
  return sorted.length === 1 ? sorted[0]! : { oneOf: sorted };
}

/** True when a JSON value has the shape: every key that must be there, no other, each of its own shape. */
export function hasShape(value: unknown, shape: Shape): boolean {
  if (typeof shape === 'string') return shape === (value === null ? 'null' : typeof value);
  if (isList(shape)) return Array.isArray(value) && value.every((item) => hasShape(item, shape[0]!));
  if (isList(shape.oneOf)) return shape.oneOf.some((each) => hasShape(value, each));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const must = Object.keys(shape).filter((key) => !key.endsWith('?') && key !== '*');
  return (
    must.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, item]) => {
      const own = shape[key] ?? shape[`${key}?`] ?? shape['*'];
      return own !== undefined && hasShape(item, own);
    })
  );
}

function isList(shape: Shape | undefined): shape is readonly Shape[] {
  return Array.isArray(shape);
}
