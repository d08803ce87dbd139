import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { YamlPath } from '../../application/ports/yaml.ts';
import { offsetOf } from './values.ts';
import type { SyntaxTree } from './syntax.ts';

/** Offsets of the value at a path and of its key; a path that leads nowhere ends at the last value that exists. */
export function placeOf(tree: SyntaxTree, path: YamlPath): { readonly key: number; readonly value: number } {
  let node: unknown = tree.contents;
  let place = { key: offsetOf(node), value: offsetOf(node) };
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(tree);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined) return place;
      const key = offsetOf(pair.key);
      node = pair.value;
      place = { key, value: isEmpty(node) ? key : offsetOf(node) };
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step];
      place = { key: offsetOf(node), value: offsetOf(node) };
    } else {
      return place;
    }
  }
  return place;
}

/** `key:` without a value: its place is somewhere behind the colon, so the key is named instead. */
function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && (node.source ?? '') === '');
}
