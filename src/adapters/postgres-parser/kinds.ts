import { type StatementKind, statementKinds } from '../../domain/policy/statement-kinds.ts';
import { list, node, NotUnderstood, text, type Tree } from './tree.ts';

type KindOf = StatementKind | ((fields: Tree) => StatementKind);

/** ObjectTypes whose words are not their name in small letters. */
const spelled: Readonly<Record<string, string>> = {
  MATVIEW: 'materialized view',
  FDW: 'foreign data wrapper',
  FOREIGN_SERVER: 'server',
  OPCLASS: 'operator class',
  OPFAMILY: 'operator family',
  TSCONFIGURATION: 'text search configuration',
  TSDICTIONARY: 'text search dictionary',
  TSPARSER: 'text search parser',
  TSTEMPLATE: 'text search template',
  STATISTIC_EXT: 'statistics',
  LARGEOBJECT: 'large object',
  TABCONSTRAINT: 'table',
  DOMCONSTRAINT: 'domain',
  ATTRIBUTE: 'type',
};

function on(verb: 'create' | 'alter' | 'drop', objectType: unknown): StatementKind {
  const name = (text(objectType) ?? '').replace(/^OBJECT_/, '');
  const kind = `${verb} ${spelled[name] ?? name.toLowerCase().replaceAll('_', ' ')}`;
  const known = statementKinds.find((each) => each === kind);
  if (known === undefined) throw new NotUnderstood('node');
  return known;
}

/** The server does not mind the case of a parameter's name, though it stands in quotes. */
function set({ kind, name }: Tree): StatementKind {
  const parameter = text(name)?.toLowerCase();
  if (parameter === 'role') return 'set role';
  if (parameter === 'session_authorization') return 'set session authorization';
  if (kind === 'VAR_SET_MULTI') return 'set transaction';
  return kind === 'VAR_RESET' || kind === 'VAR_RESET_ALL' ? 'reset' : 'set';
}

const transactions: Readonly<Record<string, StatementKind>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_ROLLBACK_TO: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_PREPARE: 'prepare transaction',
  TRANS_STMT_COMMIT_PREPARED: 'commit prepared',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback prepared',
};

function transaction({ kind }: Tree): StatementKind {
  const found = transactions[text(kind) ?? ''];
  if (found === undefined) throw new NotUnderstood('node');
  return found;
}

function copy({ is_from: isFrom, is_program: isProgram, filename }: Tree): StatementKind {
  if (isProgram === true) return isFrom === true ? 'copy from program' : 'copy to program';
  if (filename !== undefined) return isFrom === true ? 'copy from file' : 'copy to file';
  return isFrom === true ? 'copy from stdin' : 'copy to stdout';
}

/** Every statement of the grammar; a renamed column is a change of what it belongs to. */
const statementNodes: Readonly<Record<string, KindOf>> = {
  SelectStmt: ({ intoClause }) => (intoClause === undefined ? 'select' : 'create table as'),
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
  MergeStmt: 'merge',
  TruncateStmt: 'truncate',
  LockStmt: 'lock',
  CopyStmt: copy,
  CreateTableAsStmt: ({ objtype }) => (objtype === 'OBJECT_MATVIEW' ? 'create materialized view' : 'create table as'),
  ImportForeignSchemaStmt: 'import foreign schema',
  RefreshMatViewStmt: 'refresh materialized view',
  CommentStmt: 'comment',
  SecLabelStmt: 'security label',
  GrantStmt: ({ is_grant: isGrant }) => (isGrant === true ? 'grant' : 'revoke'),
  GrantRoleStmt: ({ is_grant: isGrant }) => (isGrant === true ? 'grant role' : 'revoke role'),
  AlterDefaultPrivilegesStmt: 'alter default privileges',
  AlterSystemStmt: 'alter system',
  DropOwnedStmt: 'drop owned',
  ReassignOwnedStmt: 'reassign owned',
  CallStmt: 'call',
  DoStmt: 'do',
  LoadStmt: 'load',
  CheckPointStmt: 'checkpoint',
  VacuumStmt: ({ is_vacuumcmd: isVacuum }) => (isVacuum === true ? 'vacuum' : 'analyze'),
  ClusterStmt: 'cluster',
  ReindexStmt: 'reindex',
  TransactionStmt: transaction,
  VariableSetStmt: set,
  VariableShowStmt: 'show',
  ConstraintsSetStmt: 'set constraints',
  DiscardStmt: 'discard',
  PrepareStmt: 'prepare',
  ExecuteStmt: 'execute',
  DeallocateStmt: 'deallocate',
  DeclareCursorStmt: 'declare',
  FetchStmt: ({ ismove: isMove }) => (isMove === true ? 'move' : 'fetch'),
  ClosePortalStmt: 'close',
  ExplainStmt: 'explain',
  ListenStmt: 'listen',
  UnlistenStmt: 'unlisten',
  NotifyStmt: 'notify',

  CreateStmt: 'create table',
  CreateForeignTableStmt: 'create foreign table',
  ViewStmt: 'create view',
  IndexStmt: 'create index',
  CreateSeqStmt: 'create sequence',
  CreateSchemaStmt: 'create schema',
  CreatedbStmt: 'create database',
  CreateTableSpaceStmt: 'create tablespace',
  CreateRoleStmt: 'create role',
  CreateUserMappingStmt: 'create user mapping',
  CreateForeignServerStmt: 'create server',
  CreateFdwStmt: 'create foreign data wrapper',
  CompositeTypeStmt: 'create type',
  CreateEnumStmt: 'create type',
  CreateRangeStmt: 'create type',
  CreateDomainStmt: 'create domain',
  CreateFunctionStmt: ({ is_procedure: isProcedure }) =>
    isProcedure === true ? 'create procedure' : 'create function',
  DefineStmt: ({ kind }) => on('create', kind),
  CreateOpClassStmt: 'create operator class',
  CreateOpFamilyStmt: 'create operator family',
  CreateCastStmt: 'create cast',
  CreateConversionStmt: 'create conversion',
  CreateExtensionStmt: 'create extension',
  CreatePLangStmt: 'create language',
  CreatePolicyStmt: 'create policy',
  CreateTrigStmt: 'create trigger',
  CreateEventTrigStmt: 'create event trigger',
  RuleStmt: 'create rule',
  CreatePublicationStmt: 'create publication',
  CreateSubscriptionStmt: 'create subscription',
  CreateStatsStmt: 'create statistics',
  CreateTransformStmt: 'create transform',
  CreateAmStmt: 'create access method',

  AlterTableStmt: ({ objtype }) => on('alter', objtype),
  AlterTableMoveAllStmt: ({ objtype }) => on('alter', objtype),
  AlterDomainStmt: 'alter domain',
  AlterEnumStmt: 'alter type',
  AlterTypeStmt: 'alter type',
  AlterFunctionStmt: ({ objtype }) => on('alter', objtype),
  AlterSeqStmt: 'alter sequence',
  AlterRoleStmt: 'alter role',
  AlterRoleSetStmt: 'alter role',
  AlterDatabaseStmt: 'alter database',
  AlterDatabaseSetStmt: 'alter database',
  AlterDatabaseRefreshCollStmt: 'alter database',
  AlterTableSpaceOptionsStmt: 'alter tablespace',
  AlterExtensionStmt: 'alter extension',
  AlterExtensionContentsStmt: 'alter extension',
  AlterFdwStmt: 'alter foreign data wrapper',
  AlterForeignServerStmt: 'alter server',
  AlterUserMappingStmt: 'alter user mapping',
  AlterPolicyStmt: 'alter policy',
  AlterEventTrigStmt: 'alter event trigger',
  AlterOpFamilyStmt: 'alter operator family',
  AlterOperatorStmt: 'alter operator',
  AlterStatsStmt: 'alter statistics',
  AlterCollationStmt: 'alter collation',
  AlterTSDictionaryStmt: 'alter text search dictionary',
  AlterTSConfigurationStmt: 'alter text search configuration',
  AlterPublicationStmt: 'alter publication',
  AlterSubscriptionStmt: 'alter subscription',
  RenameStmt: ({ renameType, relationType }) => on('alter', renameType === 'OBJECT_COLUMN' ? relationType : renameType),
  AlterObjectSchemaStmt: ({ objectType }) => on('alter', objectType),
  AlterObjectDependsStmt: ({ objectType }) => on('alter', objectType),
  AlterOwnerStmt: ({ objectType }) => on('alter', objectType),

  DropStmt: ({ removeType }) => on('drop', removeType),
  DropRoleStmt: 'drop role',
  DropdbStmt: 'drop database',
  DropTableSpaceStmt: 'drop tablespace',
  DropUserMappingStmt: 'drop user mapping',
  DropSubscriptionStmt: 'drop subscription',
};

/** Null when `type` is no statement. */
export function kindOf(type: string, fields: Tree): StatementKind | null {
  if (!Object.hasOwn(statementNodes, type)) return null;
  const kind = statementNodes[type];
  return typeof kind === 'function' ? kind(fields) : (kind ?? null);
}

const actions: Readonly<Record<string, StatementKind>> = {
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
  CMD_DELETE: 'delete',
};

/** What else a statement does by itself: rules about `insert` hold for COPY and MERGE as well. */
export function impliedKinds(type: string, fields: Tree): readonly StatementKind[] {
  if (type === 'CopyStmt') return fields.is_from === true ? ['insert'] : ['select'];
  if (type === 'SelectStmt') {
    return [
      ...(fields.intoClause === undefined ? [] : (['select'] as const)),
      ...(fields.lockingClause === undefined ? [] : (['select for update'] as const)),
    ];
  }
  if (type === 'InsertStmt') {
    const { action } = (fields.onConflictClause ?? {}) as Tree;
    return action === 'ONCONFLICT_UPDATE' ? ['update'] : [];
  }
  if (type !== 'MergeStmt') return [];
  return list(fields.mergeWhenClauses).flatMap((clause) => actions[text(node(clause)?.fields.commandType) ?? ''] ?? []);
}
