import { SallyportError } from '../../../domain/kernel/errors.ts';
import { decodeFrontend, type FrontendMessage, frontendType } from '../codec/frontend.ts';
import { encodeFrontend } from '../codec/frontend-encode.ts';
import { type Answers, besidesData } from './answers.ts';
import type { Begin, Journal } from './journal.ts';
import { deniedWords, functionCall, type Judge, tooManyPrepared, unseen } from './judge.ts';
import { type Change, type Names, noChange, together } from './names.ts';
import type { JudgedText, NameChange, Portal, Prepared } from './statement.ts';
import { readValues } from './values.ts';

/** What goes to the database for one message: itself, or bytes in its place. */
export type Passed = Buffer | Promise<Buffer>;

type Of<T extends FrontendMessage['type']> = Extract<FrontendMessage, { readonly type: T }>;

/** What is no SQL: the database fails at it before it looks at anything else. */
const noSql = '<refused by the access policy>';

/**
 * Everything that a person's client sends once the session is open goes through here before the database sees it: it is
 * judged by the entitlement, stands in the recording, and its answer is expected. What is refused is replaced by a text
 * that is no SQL, so that the database fails at it as it fails at any error (its transaction too, the rest of a pipeline
 * too), and the person reads our reason in place of the database's (`Answers.failed`).
 */
export class Gate {
  readonly #judge: Judge;
  readonly #journal: Journal;
  readonly #answers: Answers;
  readonly #prepared: Names<Prepared>;
  readonly #portals: Names<Portal>;

  constructor(tools: {
    readonly judge: Judge;
    readonly journal: Journal;
    readonly answers: Answers;
    readonly prepared: Names<Prepared>;
    readonly portals: Names<Portal>;
  }) {
    this.#judge = tools.judge;
    this.#journal = tools.journal;
    this.#answers = tools.answers;
    this.#prepared = tools.prepared;
    this.#portals = tools.portals;
  }

  /** One whole message of any type but CopyData. Throws ProtocolError for one that can't be read or has no place here. */
  pass(message: Buffer): Passed {
    const passed = this.#pass(message);
    this.#judge.passed();
    return passed;
  }

  #pass(message: Buffer): Passed {
    // The commonest messages first, without looking into them.
    switch (message[0]) {
      case frontendType.sync:
        this.#answers.expect({ op: 'sync' });
        return message;
      case frontendType.flush:
        return message;
      case frontendType.copyDone:
      case frontendType.copyFail:
        this.#answers.expect({ op: 'copy-end' });
        return message;
      case frontendType.describe:
        if (this.#answers.isCopying) throw besidesData();
        this.#answers.expect({ op: 'describe', text: unseen });
        return message;
      default:
        if (this.#answers.isCopying) throw besidesData();
        return this.#look(message, decodeFrontend(message));
    }
  }

  #look(message: Buffer, read: FrontendMessage): Passed {
    switch (read.type) {
      case 'query':
        return this.#query(message, read);
      case 'parse':
        return this.#parse(message, read);
      case 'bind':
        return this.#bind(message, read);
      case 'execute':
        return this.#execute(message, read);
      case 'close': {
        const names = read.what === 'statement' ? this.#prepared : this.#portals;
        this.#answers.expect({ op: 'close', change: names.drop(read.name) });
        return message;
      }
      case 'function-call':
        return this.#functionCall(message, read);
      default:
        throw new SallyportError('invalid', 'out-of-place', `a ${read.type} message has no place in an open session`);
    }
  }

  #query(message: Buffer, { text }: Of<'query'>): Passed {
    const judged = this.#judge.judge(text);
    if (judged.verdict === 'denied') return this.#refuse('query', { via: 'query' }, judged);
    if (this.#runsUnseen(judged.names)) return this.#refuse('query', { via: 'query' }, unseen);
    const change = this.#note(judged.names, judged, text.length);
    if (change === null) return this.#refuse('query', { via: 'query' }, tooManyPrepared);
    const begin: Begin = { via: 'query', text: judged, more: this.#resolved(judged.names) };
    const { statement, written } = this.#journal.begin(begin);
    this.#answers.expect({ op: 'query', statement, refusal: null, change });
    return after(written, message);
  }

  /** A prepared text reaches the database too, whether it is run or not. */
  #parse(message: Buffer, { statement: name, text, parameterTypes }: Of<'parse'>): Passed {
    const judged = this.#judge.judge(text);
    if (judged.verdict === 'denied') return this.#refuse('parse', { via: 'prepare' }, judged);
    const change = this.#prepared.set(name, { text: judged, types: parameterTypes }, text.length);
    if (change === null) return this.#refuse('parse', { via: 'prepare' }, tooManyPrepared);
    this.#answers.expect({ op: 'parse', text: judged, refusal: null, change });
    return after(this.#journal.prepared(judged, name), message);
  }

  #bind(message: Buffer, { portal, statement, formats, parameters }: Of<'bind'>): Passed {
    const prepared = this.#prepared.get(statement);
    const values = this.#judge.keepsParameters ? readValues(parameters, formats, prepared?.types ?? []) : null;
    const bound: Portal = {
      text: prepared?.text ?? null,
      parameters: values,
      begun: false,
      given: { rows: 0, bytes: 0 },
    };
    const change = this.#portals.set(portal, bound, message.length);
    if (change === null) return this.#refuse('parse', { via: 'prepare' }, tooManyPrepared);
    this.#answers.expect({ op: 'bind', text: prepared?.text ?? unseen, change });
    return message;
  }

  #execute(message: Buffer, { portal: name, maxRows }: Of<'execute'>): Passed {
    const portal = this.#portals.get(name);
    const text = portal?.text ?? null;
    const more = {
      ...(name === '' ? {} : { portal: inUtf8(name) }),
      ...(portal?.begun === true ? { fetch: true } : {}),
      ...(maxRows > 0 ? { maxRows } : {}),
      ...this.#resolved(text?.names ?? []),
    };
    // A cursor or statement that was made where it can't be seen, by SQL inside a function, may be anything.
    const isUnseen = text === null ? this.#judge.deniesUnknown : this.#runsUnseen(text.names);
    if (isUnseen) return this.#refuse('parse', { via: 'execute', more }, unseen);
    const run = { parameters: portal?.parameters ?? null, ...(portal === undefined ? {} : { given: portal.given }) };
    const begin: Begin = { via: 'execute', text: text ?? unseen, more, ...run };
    const change = text === null ? noChange : this.#note(text.names, text, 0);
    const { statement, written } = this.#journal.begin(begin);
    if (portal !== undefined) portal.begun = true;
    this.#answers.expect({ op: 'execute', statement, change: change ?? noChange });
    return after(written, message);
  }

  /** A function by its number: which one it is only the database knows. */
  #functionCall(message: Buffer, { functionId, formats, parameters }: Of<'function-call'>): Passed {
    const more = { function: functionId };
    if (this.#judge.deniesUnknown) return this.#refuse('function', { via: 'function', more }, functionCall);
    const values = this.#judge.keepsParameters ? readValues(parameters, formats, []) : null;
    const { statement, written } = this.#journal.begin({
      via: 'function',
      text: functionCall,
      parameters: values,
      more,
    });
    this.#answers.expect({ op: 'function', statement, refusal: null, change: noChange });
    return after(written, message);
  }

  async #refuse(op: 'query' | 'parse' | 'function', begin: Omit<Begin, 'text'>, text: JudgedText): Promise<Buffer> {
    const refusal = deniedWords(text);
    if (op === 'parse') this.#answers.expect({ op, text, refusal, change: noChange });
    else this.#answers.expect({ op, statement: null, refusal, change: noChange });
    await this.#journal.refused(text, begin);
    return op === 'parse' ? encodeFrontend.parse('', noSql) : encodeFrontend.query(noSql);
  }

  /** Whether EXECUTE names what was not prepared in sight, where that may not be: a pooler in between may have kept it. */
  #runsUnseen(names: readonly NameChange[]): boolean {
    if (names.length === 0 || !this.#judge.deniesUnknown) return false;
    const made = new Set<string>();
    return names.some((each) => {
      if (each.change === 'prepares') made.add(each.name);
      return each.change === 'runs' && !made.has(each.name) && this.#prepared.get(each.name) === undefined;
    });
  }

  /** The texts behind the names that are run here. */
  #resolved(names: readonly NameChange[]): Readonly<Record<string, unknown>> {
    const runs = names.flatMap((each) => (each.change === 'runs' ? [each.name] : []));
    if (runs.length === 0) return {};
    const prepared = runs.map((name) => [inUtf8(name), this.#prepared.get(name)?.text.shown ?? null]);
    return { prepared: Object.fromEntries(prepared) };
  }

  /** Names as they will be once the text is done; null: too much would be kept. */
  #note(names: readonly NameChange[], text: JudgedText, bytes: number): Change | null {
    if (names.length === 0) return noChange;
    const changes: Change[] = [];
    for (const each of names) {
      if (each.change === 'runs') continue;
      const change = this.#change(each, text, bytes);
      if (change === null) {
        together(changes).undo(0);
        return null;
      }
      const { at } = each;
      changes.push({
        stands: () => change.stands(),
        undo: (completed) => (at < completed ? change.stands() : change.undo(0)),
      });
    }
    return together(changes);
  }

  #change(change: Exclude<NameChange, { change: 'runs' }>, text: JudgedText, bytes: number): Change | null {
    switch (change.change) {
      case 'drops-all':
        return this.#prepared.clear();
      case 'drops':
        return this.#prepared.drop(change.name);
      case 'prepares':
        return this.#prepared.set(change.name, { text, types: [] }, bytes);
      case 'declares':
        return this.#portals.drop(change.name);
      case 'forgets':
        return together([this.#prepared.clear(), this.#portals.clear()]);
    }
  }
}

function after(written: void | Promise<void>, message: Buffer): Passed {
  return written === undefined ? message : written.then(() => message);
}

function inUtf8(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}
