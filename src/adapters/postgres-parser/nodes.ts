/**
 * Nodes of PostgreSQL's raw parse tree (`parsenodes.h`, `primnodes.h`) whose parts say all there is to know: they are
 * walked through. What is neither here nor a statement of `kinds.ts` makes a text not understood.
 */
export const transparentNodes: ReadonlySet<string> = new Set([
  ...['Integer', 'Float', 'Boolean', 'String', 'BitString', 'List', 'A_Const', 'A_Star', 'A_Expr', 'A_Indices'],
  ...['A_Indirection', 'A_ArrayExpr', 'ColumnRef', 'ParamRef', 'TypeCast', 'CollateClause', 'TypeName', 'Alias'],
  ...['RoleSpec', 'FuncCall', 'NamedArgExpr', 'BoolExpr', 'SubLink', 'CaseExpr', 'CaseWhen', 'RowExpr'],
  ...['CoalesceExpr', 'MinMaxExpr', 'SQLValueFunction', 'XmlExpr', 'XmlSerialize', 'NullTest', 'BooleanTest'],
  ...['GroupingFunc', 'MergeSupportFunc', 'SetToDefault', 'CurrentOfExpr', 'ReturningOption', 'ResTarget'],
  ...['MultiAssignRef', 'SortBy', 'WindowDef', 'GroupingSet', 'RangeVar', 'RangeSubselect', 'RangeFunction'],
  ...['RangeTableFunc', 'RangeTableFuncCol', 'RangeTableSample', 'JoinExpr', 'CommonTableExpr', 'MergeWhenClause'],
  ...['IndexElem', 'StatsElem', 'DefElem', 'ColumnDef', 'Constraint', 'TableLikeClause', 'PartitionElem'],
  ...['PartitionRangeDatum', 'PartitionBoundSpec', 'PartitionCmd', 'AlterTableCmd', 'ATAlterConstraint'],
  ...['ReplicaIdentityStmt', 'FunctionParameter', 'ObjectWithArgs', 'AccessPriv', 'CreateOpClassItem'],
  ...['TriggerTransition', 'VacuumRelation', 'PublicationObjSpec', 'PublicationTable', 'ReturnStmt'],
  ...['JsonFormat', 'JsonReturning', 'JsonValueExpr', 'JsonIsPredicate', 'JsonBehavior', 'JsonOutput', 'JsonArgument'],
  ...['JsonFuncExpr', 'JsonTablePathSpec', 'JsonTable', 'JsonTableColumn', 'JsonKeyValue', 'JsonParseExpr'],
  ...['JsonScalarExpr', 'JsonSerializeExpr', 'JsonObjectConstructor', 'JsonArrayConstructor'],
  ...['JsonArrayQueryConstructor', 'JsonAggConstructor', 'JsonObjectAgg', 'JsonArrayAgg'],
]);
