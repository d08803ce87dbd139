/** A part of a tree as libpg_query gives it in JSON: nodes are `{TypeName: fields}`, fields of one type stand bare. */
export type Tree = Readonly<Record<string, unknown>>;

/** Thrown inside this folder when a statement can't be told for certain. */
export class NotUnderstood extends Error {
  readonly why: 'too-deep' | 'node';

  constructor(why: 'too-deep' | 'node') {
    super(why);
    this.why = why;
  }
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a bare part; none when it is not there. */
export function tree(value: unknown): Tree {
  return isTree(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Type and fields of a wrapped node. */
export function node(value: unknown): { readonly type: string; readonly fields: Tree } | null {
  const [entry] = Object.entries(tree(value));
  return entry === undefined ? null : { type: entry[0], fields: tree(entry[1]) };
}

/** What a `String` node holds. */
function stringNode(value: unknown): string | null {
  const found = node(value);
  return found?.type === 'String' ? text(found.fields.sval) : null;
}

/** The parts of a qualified name: a list of `String`s, in a `List`, `TypeName` or `ObjectWithArgs` or bare. */
export function nameParts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => stringNode(each) ?? []);
  const found = node(value);
  if (found?.type === 'String') return [stringNode(value)].flatMap((each) => each ?? []);
  if (found?.type === 'List') return nameParts(found.fields.items);
  if (found?.type === 'TypeName') return nameParts(found.fields.names);
  if (found?.type === 'ObjectWithArgs') return nameParts(found.fields.objname);
  return [];
}

/** What a constant says, as SET would read it; null when it is no constant. */
export function constant(value: unknown): string | null {
  const found = node(value);
  if (found?.type === 'TypeCast') return constant(found.fields.arg);
  if (found?.type === 'String') return text(found.fields.sval) ?? '';
  if (found?.type !== 'A_Const') return null;
  const { sval, ival, fval, boolval } = found.fields;
  if (isTree(sval)) return text(sval.sval) ?? '';
  if (isTree(ival)) return String(typeof ival.ival === 'number' ? ival.ival : 0);
  if (isTree(fval)) return text(fval.fval);
  return isTree(boolval) ? String(boolval.boolval === true) : null;
}
