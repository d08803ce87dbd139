import type { ASTNode } from '@marcbachmann/cel-js';

/**
 * The part of CEL that the dialect has, as an allow list over the syntax tree: what stands here is a pure function of
 * its input, and linear in it. Left out are timestamps and durations (the library's read the zone of the machine),
 * `matches` (not linear), case folding (differs with the Unicode tables), `map` and `bind` (build values), bytes, types
 * and conversions.
 */
const functions: ReadonlySet<string> = new Set(['has', 'size']);
const methods: ReadonlySet<string> = new Set(['startsWith', 'endsWith', 'contains', 'size']);
const macros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter']);
const binary: ReadonlySet<string> = new Set([
  ...['==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '*', '/', '%', '&&', '||', '[]'],
]);
/** So many characters are compared in the time of one step. */
const charactersPerStep = 16;
/** Each step into a list multiplies the work. */
const deepestMacro = 2;

/** What an evaluation costs at most for claims of a given size; see `costOf`. */
export interface Cost {
  /** Longest list the expression can meet, and total size in characters of all it can meet. */
  readonly longestList: number;
  readonly size: number;
}

/** Thrown inside this folder only: the expression leaves the dialect. The message is for the author. */
class DialectError extends Error {
  override readonly name = 'DialectError';
}

interface Scope {
  readonly variables: readonly string[];
  readonly depth: number;
}

/** Walks the tree, refuses what the dialect lacks and returns the most steps an evaluation can take. */
export function costOf(root: ASTNode, cost: Cost): number {
  // A sum of lists is no longer than all its terms together.
  const terms = root.input.split('+').length;
  const lists = Math.max(cost.longestList, root.input.length) * terms;
  const whole = ((cost.size + root.input.length) * terms) / charactersPerStep;
  const visit = (node: ASTNode, scope: Scope): number => {
    const times = lists ** scope.depth;
    const own = times * (weighs(node) ? 1 + whole : 1);
    return children(node, scope).reduce((sum, [child, inner]) => sum + visit(child, inner), own);
  };
  return visit(root, { variables: ['claims'], depth: 0 });
}

/** True for what looks at whole texts and lists; comparing with a literal looks no further than the literal. */
function weighs(node: ASTNode): boolean {
  if (node.op === '==' || node.op === '!=') return !node.args.some((side) => side.op === 'value');
  if (node.op === 'in') return node.args[1].op !== 'list';
  if (node.op === 'rcall') return node.args[0] === 'contains' || node.args[0] === 'size' || !allLiteral(node.args[2]);
  return ['+', '<', '<=', '>', '>=', 'call'].includes(node.op) && !hasLiteral(node);
}

function hasLiteral(node: ASTNode): boolean {
  return Array.isArray(node.args) && node.args.some((side: unknown) => isLiteral(side));
}

function allLiteral(nodes: readonly ASTNode[]): boolean {
  return nodes.every((node) => node.op === 'value');
}

function isLiteral(side: unknown): boolean {
  return typeof side === 'object' && side !== null && 'op' in side && side.op === 'value';
}

function children(node: ASTNode, scope: Scope): readonly (readonly [ASTNode, Scope])[] {
  const here = (nodes: readonly ASTNode[]) => nodes.map((child) => [child, scope] as const);
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id':
      if (!scope.variables.includes(node.args))
        throw new DialectError(`"${node.args}" is not known; it starts with claims`);
      return [];
    case '.':
      return here([node.args[0]]);
    case '!_':
    case '-_':
      return here([node.args]);
    case 'list':
    case '?:':
      return here(node.args);
    case 'call':
      if (!functions.has(node.args[0])) throw new DialectError(`there is no function ${node.args[0]}()`);
      return here(node.args[1]);
    case 'rcall':
      return macros.has(node.args[0]) ? macro(node.args, scope) : method(node.args, scope);
    default:
      if (!binary.has(node.op)) throw new DialectError(`"${node.op}" is not part of the dialect`);
      return here(node.args as readonly ASTNode[]);
  }
}

function literal(value: unknown): readonly [] {
  if (value !== null && !['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
    throw new DialectError('bytes and unsigned numbers are not part of the dialect');
  }
  return [];
}

type ReceiverCall = readonly [string, ASTNode, readonly ASTNode[]];

function method([name, receiver, args]: ReceiverCall, scope: Scope): readonly (readonly [ASTNode, Scope])[] {
  if (!methods.has(name)) throw new DialectError(`there is no method ${name}()`);
  return [receiver, ...args].map((child) => [child, scope] as const);
}

function macro([name, receiver, args]: ReceiverCall, scope: Scope): readonly (readonly [ASTNode, Scope])[] {
  const [variable, predicate] = args;
  if (variable?.op !== 'id' || predicate === undefined) {
    throw new DialectError(`${name}() takes a variable and a predicate, as ${name}(g, g == "ops")`);
  }
  if (variable.args === 'claims') throw new DialectError(`${name}(): the variable must not be named claims`);
  if (scope.depth === deepestMacro) throw new DialectError(`all, exists and filter nest at most ${deepestMacro} deep`);
  const inner = { variables: [...scope.variables, variable.args], depth: scope.depth + 1 };
  return [
    [receiver, scope],
    [predicate, inner],
  ];
}
