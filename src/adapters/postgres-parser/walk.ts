import type { StatementKind } from '../../domain/policy/statement-kinds.ts';
import type {
  ObjectAccess,
  StatementFacts,
  StatementFunction,
  StatementObject,
  StatementSetting,
} from '../../domain/policy/statements.ts';
import { impliedKinds, kindOf } from './kinds.ts';
import { namedObjects, relationNamed } from './named.ts';
import { transparentNodes } from './nodes.ts';
import { sequenceOf } from './sequences.ts';
import { settingsOf } from './settings.ts';
import { isTree, list, nameParts, node, NotUnderstood, text, tree, type Tree } from './tree.ts';

/** Deeper trees are not walked: far more than people and programs write, far less than the stack holds. */
const deepest = 400;

interface Place {
  /** Names of CTEs that are in sight. */
  readonly ctes: ReadonlySet<string>;
  /** What is done to a relation that is named here. */
  readonly access: ObjectAccess;
  /** False inside EXPLAIN without ANALYZE: what is there is planned and not done. */
  readonly done: boolean;
  readonly depth: number;
}

/** Statements that read what they name, but for the relation in `relation`. */
const changing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);
const reading = new Set([
  ...['SelectStmt', 'ExplainStmt', 'PrepareStmt', 'DeclareCursorStmt', 'ExecuteStmt', 'CallStmt', 'SubLink'],
  ...['TableLikeClause', 'Constraint'],
]);
const writing = new Set(['TruncateStmt', 'LockStmt', 'VacuumStmt']);

/** Collects what one statement is and touches, from its tree. Throws `NotUnderstood`. */
class Walk {
  readonly kinds = new Set<StatementKind>();
  readonly objects = new Map<string, StatementObject>();
  readonly functions = new Map<string, StatementFunction>();
  readonly settings: StatementSetting[] = [];
  prepares: string | null = null;
  executes: string | null = null;
  deallocates: StatementFacts['deallocates'] = null;
  declares: string | null = null;

  value(value: unknown, place: Place): void {
    if (place.depth > deepest) throw new NotUnderstood('too-deep');
    if (Array.isArray(value)) for (const each of value) this.value(each, place);
    else if (isTree(value)) this.#fields(value, { ...place, depth: place.depth + 1 });
  }

  /** Fields of a node or of a bare part; keys with a capital letter are nodes. */
  #fields(fields: Tree, place: Place): void {
    if (typeof fields.relname === 'string') this.#relation(fields, place);
    if (Array.isArray(fields.funcname)) this.#call(nameParts(fields.funcname), fields);
    const ctes = this.#with(fields.withClause, place);
    for (const [key, value] of Object.entries(fields)) {
      if (key === 'withClause' || value === null || typeof value !== 'object') continue;
      if (key >= 'A' && key < 'a') this.#node(key, tree(value), ctes);
      else if ((key === 'larg' || key === 'rarg') && isTree(value) && 'op' in value)
        this.#node('SelectStmt', value, ctes);
      else if (key === 'setstmt') this.#node('VariableSetStmt', tree(value), ctes);
      else if (key === 'action' && isTree(value) && 'is_grant' in value) this.#node('GrantStmt', value, ctes);
      else this.value(value, ctes);
    }
  }

  #node(type: string, fields: Tree, place: Place): void {
    const kind = kindOf(type, fields);
    if (kind === null && !transparentNodes.has(type)) throw new NotUnderstood('node');
    if (kind !== null && place.done) for (const each of [kind, ...impliedKinds(type, fields)]) this.kinds.add(each);
    for (const object of namedObjects(type, fields)) this.#object(object, place);
    this.settings.push(...settingsOf(type, fields));
    this.#names(type, fields);
    this.#inside(type, fields, kind === null ? place : { ...place, access: 'define' });
  }

  #inside(type: string, fields: Tree, place: Place): void {
    const read: Place = { ...place, access: 'read' };
    if (changing.has(type)) {
      const { relation, ...rest } = fields;
      const inner = this.#with(fields.withClause, read);
      this.value(relation, { ...read, access: 'write' });
      this.#fields({ ...rest, withClause: undefined }, inner);
    } else if (type === 'SelectStmt') {
      const { intoClause, lockingClause: _named, ...rest } = fields;
      this.value(intoClause, { ...read, access: 'define' });
      this.#fields(rest, read);
    } else if (type === 'CopyStmt') {
      this.#fields(fields, { ...place, access: fields.is_from === true ? 'write' : 'read' });
    } else if (type === 'ExplainStmt') {
      this.#fields(fields, { ...read, done: place.done && isAnalyzed(fields) });
    } else {
      this.#fields(fields, reading.has(type) ? read : writing.has(type) ? { ...place, access: 'write' } : place);
    }
  }

  /** Walks the CTEs; each sees those before it, or all of them when they are recursive. */
  #with(withClause: unknown, place: Place): Place {
    if (withClause === undefined) return place;
    const { ctes, recursive } = tree(withClause);
    const nodes = list(ctes).map((each) => node(each)?.fields ?? {});
    const names = nodes.flatMap(({ ctename }) => text(ctename) ?? []);
    const seen = new Set(recursive === true ? [...place.ctes, ...names] : place.ctes);
    for (const cte of nodes) {
      this.#fields(cte, { ...place, access: 'read', ctes: new Set(seen), depth: place.depth + 1 });
      const name = text(cte.ctename);
      if (name !== null) seen.add(name);
    }
    return { ...place, ctes: seen };
  }

  #relation({ catalogname, schemaname, relname, relpersistence }: Tree, place: Place): void {
    const name = text(relname) ?? '';
    const schema = text(schemaname) ?? (relpersistence === 't' ? 'pg_temp' : null);
    if (schema === null && place.access === 'read' && place.ctes.has(name)) return;
    const parts = [text(catalogname), schema, name].flatMap((part) => part ?? []);
    for (const object of relationNamed(parts, place.access)) this.#object(object, place);
  }

  #object(object: StatementObject, place: Place): void {
    const found: StatementObject = place.done ? object : { ...object, access: 'read' };
    this.objects.set(JSON.stringify([found.type, found.schema, found.name, found.access]), found);
  }

  #call(parts: readonly string[], fields: Tree): void {
    const found = { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' };
    this.functions.set(JSON.stringify(found), found);
    const sequence = sequenceOf(found, fields);
    if (sequence !== null) this.objects.set(JSON.stringify(sequence), sequence);
    const setting = settingsOf('FuncCall', fields)[0];
    if (setting?.name === 'role') this.kinds.add('set role');
    if (setting?.name === 'session_authorization') this.kinds.add('set session authorization');
  }

  #names(type: string, { name, isall: isAll, target, portalname }: Tree): void {
    if (type === 'PrepareStmt') this.prepares = text(name);
    if (type === 'DeclareCursorStmt') this.declares = text(portalname);
    if (type === 'ExecuteStmt') this.executes = text(name);
    if (type === 'DeallocateStmt') this.deallocates = isAll === true ? 'all' : { name: text(name) ?? '' };
    if (type === 'DiscardStmt' && target === 'DISCARD_ALL') this.deallocates = 'all';
  }
}

/** Whether EXPLAIN also runs the statement. Any word about ANALYZE counts, whatever it says. */
function isAnalyzed({ options }: Tree): boolean {
  return list(options).some((option) => text(node(option)?.fields.defname)?.toLowerCase() === 'analyze');
}

/** The facts of one statement of a parse tree. */
export function factsOf(statement: unknown): StatementFacts {
  const found = node(statement);
  const kind = found === null ? null : kindOf(found.type, found.fields);
  if (kind === null) throw new NotUnderstood('node');
  const walk = new Walk();
  walk.value(statement, { ctes: new Set(), access: 'read', done: true, depth: 0 });
  const { prepares, executes, deallocates, declares, settings } = walk;
  return {
    kind,
    kinds: [...walk.kinds],
    objects: [...walk.objects.values()],
    functions: [...walk.functions.values()],
    settings,
    prepares,
    executes,
    deallocates,
    declares,
  };
}
