import type { StatementSetting } from '../../domain/policy/statements.ts';
import { constant, list, nameParts, node, text, type Tree } from './tree.ts';

/** Options of BEGIN and SET TRANSACTION stand for parameters of the same name. */
function fromOptions(options: unknown): readonly StatementSetting[] {
  return list(options).flatMap((option) => {
    const { defname, arg } = node(option)?.fields ?? {};
    const name = text(defname);
    return name === null ? [] : [{ name: name.toLowerCase(), value: constant(arg) }];
  });
}

function fromSet({ kind, name, args }: Tree): readonly StatementSetting[] {
  if (kind === 'VAR_RESET_ALL') return [{ name: 'all', value: null }];
  if (kind === 'VAR_SET_MULTI') return fromOptions(args);
  const [first, ...more] = list(args);
  const value = kind === 'VAR_SET_VALUE' && more.length === 0 ? constant(first) : null;
  return [{ name: text(name)?.toLowerCase() ?? null, value }];
}

/** `set_config(name, value, is_local)`; what is no constant, only the server will know. */
function fromCall({ funcname, args }: Tree): readonly StatementSetting[] {
  if (nameParts(funcname).at(-1) !== 'set_config') return [];
  const given = list(args);
  // Arguments by name may stand in any order.
  if (given.some((each) => node(each)?.type === 'NamedArgExpr')) return [{ name: null, value: null }];
  const value = constant(given[1]);
  return [{ name: value === null ? null : (constant(given[0])?.toLowerCase() ?? null), value }];
}

/** The run-time parameters that a node changes by itself. */
export function settingsOf(type: string, fields: Tree): readonly StatementSetting[] {
  if (type === 'VariableSetStmt') return fromSet(fields);
  if (type === 'TransactionStmt') return fromOptions(fields.options);
  if (type === 'DiscardStmt') return fields.target === 'DISCARD_ALL' ? [{ name: 'all', value: null }] : [];
  return type === 'FuncCall' ? fromCall(fields) : [];
}
