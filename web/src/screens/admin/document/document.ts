/** A JSON value, as documents of resources are made of. */
export type Json = string | number | boolean | null | readonly Json[] | JsonMap;
export type JsonMap = { readonly [key: string]: Json };

/** A resource as `sallyport get` shows it. */
export interface ResourceDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: JsonMap;
}

/** The beginning of a new one. */
export function emptyDocument(kind: string, spec: JsonMap = {}): ResourceDocument {
  return { apiVersion: 'sallyport/v1', kind, metadata: { name: '', labels: {} }, spec };
}

/** What stands at a path of maps; undefined: nothing. */
export function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  let here = value;
  for (const step of path) {
    if (!isMap(here) || !Object.hasOwn(here, step)) return undefined;
    here = here[step];
  }
  return here;
}

/** The map with `value` at the path; undefined takes it away, with the maps that are empty without it. */
export function withValue(map: JsonMap, path: readonly string[], value: Json | undefined): JsonMap {
  const [step, ...rest] = path;
  if (step === undefined) return map;
  const before = Object.hasOwn(map, step) ? map[step] : undefined;
  const next = rest.length === 0 ? value : withValue(isMap(before) ? before : {}, rest, value);
  const gone = next === undefined || (rest.length > 0 && value === undefined && isMap(next) && isEmpty(next));
  if (!gone) return { ...map, [step]: next };
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== step));
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(map: JsonMap): boolean {
  return Object.keys(map).length === 0;
}

/** The texts of a list; anything else is none. */
export function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Values that go in and never come out: of what stands they are only replaced when that is said (`--set-secrets`). */
export const writeOnlyFields = ['password', 'privateKey', 'passphrase', 'generate', 'clientSecret', 'bindPassword'];

export function writesSecrets(spec: JsonMap): boolean {
  return writeOnlyFields.some((field) => Object.hasOwn(spec, field));
}

/** What may be shown on the screen beside the field that it was typed into. */
export function withoutSecrets(document: ResourceDocument): ResourceDocument {
  const spec = Object.fromEntries(Object.entries(document.spec).filter(([key]) => !writeOnlyFields.includes(key)));
  return { ...document, spec };
}
