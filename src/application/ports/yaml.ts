import type { Json } from '../../domain/kernel/json.ts';

/** Lines and columns count from 1; columns in UTF-16 units. */
export interface YamlPosition {
  readonly line: number;
  readonly column: number;
}

export type YamlPath = readonly (string | number)[];

export interface YamlDocument {
  /** Plain JSON values; maps have no prototype, so that a key `__proto__` is only a key. */
  readonly value: Json;
  /** Where the value at a path begins; of a path that leads nowhere, where it ends to exist. */
  position(path: YamlPath): YamlPosition;
  /** Where the key at the end of a path stands. */
  keyPosition(path: YamlPath): YamlPosition;
}

/** `message` is in our words and never quotes the text, which may hold secrets. */
export type YamlParsed =
  | { readonly ok: true; readonly documents: readonly YamlDocument[] }
  | { readonly ok: false; readonly problem: YamlPosition & { readonly message: string } };

/** YAML 1.2 of hostile origin to values and back. Neither throws on any text. */
export interface Yaml {
  /** Empty documents are left out. */
  parse(text: string): YamlParsed;
  /** One document each, parted by `---`. */
  print(values: readonly Json[]): string;
}
