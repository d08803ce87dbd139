import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import type { Json } from '../../domain/kernel/json.ts';
import { limits } from './limits.ts';
import { type SyntaxTree, tooDeep, YamlProblem } from './syntax.ts';
import { wordsFor } from './words.ts';

type MutableMap = Record<string, Json>;

/** What is left of the limits, over all documents of one text. */
export interface Budget {
  values: number;
  aliases: number;
}

export function fullBudget(): Budget {
  return { values: limits.values, aliases: limits.aliases };
}

/** The value of a document. Throws `YamlProblem` on duplicate keys, non-JSON values and spent budgets. */
export function valueOf(tree: SyntaxTree, budget: Budget): Json {
  return tree.contents === null ? null : new Reader(tree, budget).read(tree.contents, 0);
}

class Reader {
  readonly #tree: SyntaxTree;
  readonly #budget: Budget;

  constructor(tree: SyntaxTree, budget: Budget) {
    this.#tree = tree;
    this.#budget = budget;
  }

  read(node: unknown, depth: number): Json {
    if (node === null || node === undefined) return null;
    const at = offsetOf(node);
    this.#budget.values -= 1;
    if (this.#budget.values < 0) throw new YamlProblem(at, `more than ${String(limits.values)} values; split the file`);
    if (depth > limits.depth) throw tooDeep(at);
    if (isAlias(node)) return this.#alias(node, depth, at);
    if (isMap(node)) return this.#map(node, depth);
    if (isSeq(node)) return node.items.map((item) => this.read(item, depth + 1));
    if (isScalar(node)) return scalar(node, at);
    throw new YamlProblem(at, 'this is no value');
  }

  #alias(node: Alias, depth: number, at: number): Json {
    this.#budget.aliases -= 1;
    if (this.#budget.aliases < 0)
      throw new YamlProblem(at, `anchors are used more than ${String(limits.aliases)} times`);
    const anchored = node.resolve(this.#tree);
    if (anchored === undefined) throw new YamlProblem(at, wordsFor('BAD_ALIAS'));
    return this.read(anchored, depth + 1);
  }

  #map(node: YAMLMap, depth: number): Json {
    const map = Object.create(null) as MutableMap;
    for (const { key, value } of node.items) {
      const at = key === null ? offsetOf(node) : offsetOf(key);
      const name = isScalar(key) ? key.value : undefined;
      if (typeof name !== 'string') throw new YamlProblem(at, 'a key must be a text');
      if (Object.hasOwn(map, name)) throw new YamlProblem(at, 'this key stands twice in one map');
      map[name] = this.read(value, depth + 1);
    }
    return map;
  }
}

function scalar(node: Scalar, at: number): Json {
  const { value } = node;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value;
    throw new YamlProblem(at, 'this number is out of range; put it in quotes if it is a text');
  }
  throw new YamlProblem(at, 'this is no text, number, true, false or null');
}

export function offsetOf(node: unknown): number {
  return (node as Partial<Node> | null)?.range?.[0] ?? 0;
}
