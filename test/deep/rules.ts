import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One rule of the domain, and the source of its file without it. */
export interface Rule {
  /** Path below src/domain. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly sourceWithout: string;
}

/** Beside the deciders: what they and admission decide by. */
const alsoDecides = [
  'kernel/declared.ts',
  'kernel/names.ts',
  'kernel/pass.ts',
  'policy/evaluate.ts',
  'policy/factor-provider/asked-types.ts',
  'policy/matching.ts',
];

/**
 * Every rule below `domainFolder`: each `if` that returns or throws, and each alternative of its `||` condition.
 */
export function findRules(domainFolder: string): readonly Rule[] {
  return readdirSync(domainFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('decider.ts') || alsoDecides.includes(file))
    .sort()
    .flatMap((file) => rulesOf(file, readFileSync(join(domainFolder, file), 'utf8')));
}

function rulesOf(file: string, source: string): readonly Rule[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2024, true);
  const rules: Rule[] = [];
  const without = (node: ts.Node, replacement: string): void => {
    rules.push({
      file,
      line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      text: node.getText().split('\n', 1)[0] ?? '',
      sourceWithout: source.slice(0, node.getStart()) + replacement + source.slice(node.getEnd()),
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIfStatement(node) && node.elseStatement === undefined && leaves(node.thenStatement)) {
      without(node, '');
      const parts = alternatives(node.expression);
      if (parts.length > 1) for (const part of parts) without(part, 'false');
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return rules;
}

/** True when the statement ends the function: it is a return or throw, or a block that ends in one. */
function leaves(statement: ts.Statement): boolean {
  if (ts.isBlock(statement)) {
    const last = statement.statements.at(-1);
    return last !== undefined && leaves(last);
  }
  return ts.isReturnStatement(statement) || ts.isThrowStatement(statement);
}

function alternatives(expression: ts.Expression): readonly ts.Expression[] {
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.BarBarToken) {
    return [expression];
  }
  return [...alternatives(expression.left), expression.right];
}
