import { LineCounter, stringify } from 'yaml';
import type { Yaml, YamlDocument, YamlParsed, YamlPath, YamlPosition } from '../../application/ports/yaml.ts';
import type { Json } from '../../domain/kernel/json.ts';
import { limits } from './limits.ts';
import { placeOf } from './places.ts';
import { readSyntax, YamlProblem } from './syntax.ts';
import { fullBudget, valueOf } from './values.ts';

/**
 * Reads YAML 1.2 (core schema) of any origin: at most 1 MiB, bounded depth, values and aliases; duplicate keys, tags,
 * directives and merge keys are refused. Never throws for a text, and never quotes it.
 */
export function parseYaml(text: string): YamlParsed {
  if (Buffer.byteLength(text) > limits.bytes) {
    return { ok: false, problem: { line: 1, column: 1, message: 'the text is longer than 1 MiB; split it' } };
  }
  const counter = new LineCounter();
  const locate = (offset: number): YamlPosition => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const budget = fullBudget();
    const documents: YamlDocument[] = [];
    for (const tree of readSyntax(text, counter)) {
      const value = valueOf(tree, budget);
      if (value === null) continue;
      documents.push({
        value,
        position: (path: YamlPath) => locate(placeOf(tree, path).value),
        keyPosition: (path: YamlPath) => locate(placeOf(tree, path).key),
      });
    }
    return { ok: true, documents };
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    return { ok: false, problem: { ...locate(error.offset), message: error.message } };
  }
}

/** Documents parted by `---`, two spaces deep, without folded lines or anchors; reading it gives the same values. */
export function toYaml(values: readonly Json[]): string {
  return values
    .map((value) => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.2' }))
    .join('---\n');
}

export const yaml: Yaml = { parse: parseYaml, print: toYaml };
