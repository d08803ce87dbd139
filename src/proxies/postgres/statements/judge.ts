import { isAscii, isUtf8 } from 'node:buffer';
import type { StatementParser } from '../../../application/ports/statement-parser.ts';
import { deniesNotUnderstood, type PostgresChannels } from '../../../domain/policy/postgres-channels.ts';
import { judgeStatement } from '../../../domain/policy/judge-statement.ts';
import type { StatementReading, StatementSetting } from '../../../domain/policy/statements.ts';
import type { LastWords } from '../goodbye.ts';
import type { JudgedText, NameChange } from './statement.ts';

/** Settings that change how the database reads a text: while they may differ, only texts that read the same count as understood. */
const readingSettings = new Set(['client_encoding', 'standard_conforming_strings']);

/** What the entitlement of one session says of texts. */
export class Judge {
  readonly #rules: PostgresChannels;
  readonly #parser: StatementParser;
  /** As the database reports them. */
  #utf8 = true;
  #standardStrings = true;
  /** Something was passed on that may change them, and has no answer yet. */
  #changing = false;
  /** Other values were seen or set before: whatever ends a transaction or resets may lead back to them. */
  #mixed = false;
  /** Something was passed on, and has no answer yet. */
  #unanswered = false;

  constructor(rules: PostgresChannels, parser: StatementParser) {
    this.#rules = rules;
    this.#parser = parser;
  }

  /** Whether what can't be seen is refused. */
  get deniesUnknown(): boolean {
    return deniesNotUnderstood(this.#rules);
  }

  /** Whether values of parameters go into the recording. */
  get keepsParameters(): boolean {
    return this.#rules.statements === 'full';
  }

  /** ParameterStatus: what the database says of itself. */
  reported(name: string, value: string): void {
    if (name === 'client_encoding') this.#utf8 = value.toUpperCase() === 'UTF8';
    if (name === 'standard_conforming_strings') this.#standardStrings = value === 'on';
    this.#mixed ||= !this.#utf8 || !this.#standardStrings;
  }

  /** A message was passed on: until it is answered, what was reported last need not hold for the next one. */
  passed(): void {
    this.#unanswered = true;
  }

  /** Everything is answered: what was reported holds. */
  settled(): void {
    this.#changing = this.#unanswered = false;
  }

  judge(bytes: Buffer): JudgedText {
    const utf8 = isUtf8(bytes);
    const text = utf8 ? bytes.toString('utf8') : bytes.toString('latin1');
    const reading = this.#parser.read(text);
    const known = utf8 && !this.#readsDifferently(bytes, text) ? reading : { ...reading, ...misread };
    const judged = judgeStatement(this.#rules, known);
    const { verdict } = judged;
    if (verdict !== 'denied') this.#follow(reading);
    return {
      shown: this.#shown(text, known.why),
      kind: kindsOf(known),
      fingerprint: reading.fingerprint,
      verdict,
      why: judged.verdict === 'allowed' ? null : { rule: judged.rule, message: judged.why },
      names: namesOf(known, text),
    };
  }

  /** What a text that is passed on may do to the next ones. */
  #follow({ understood, statements }: StatementReading): void {
    const changes = statements.some(({ settings }) => settings.some(mayChange));
    this.#mixed ||= changes;
    this.#changing ||= changes || !understood;
  }

  /**
   * Whether the database may see another text than the parser does: in an encoding where a quote can be half of a
   * character, or with backslashes in strings that mean something.
   */
  #readsDifferently(bytes: Buffer, text: string): boolean {
    const unsure = this.#changing || (this.#mixed && this.#unanswered);
    if ((!this.#standardStrings || unsure) && text.includes('\\')) return true;
    return (!this.#utf8 || unsure) && !isAscii(bytes);
  }

  #shown(text: string, why: StatementReading['why']): string | null {
    const { statements } = this.#rules;
    if (statements === 'fingerprint') return null;
    // Where a backslash may mean something else to the database, what seems to be a constant may be what it runs.
    if (why === 'encoding' && text.includes('\\')) return statements === 'redacted' ? null : text;
    return statements === 'redacted' ? this.#parser.redact(text) : this.#parser.withoutSecrets(text);
  }
}

const misread = { understood: false, why: 'encoding', statements: [] } as const;

function mayChange({ name, value }: StatementSetting): boolean {
  if (name === null) return true;
  return readingSettings.has(name) && !['utf8', 'on'].includes(value?.toLowerCase() ?? '');
}

function kindsOf({ understood, statements }: StatementReading): string {
  if (!understood) return 'not understood';
  const kinds = new Set(statements.map(({ kind }) => kind));
  return kinds.size === 0 ? 'empty' : [...kinds].join(', ').slice(0, longestKind);
}

/** In a text that is not understood, they may make any name another one's. */
const changesNames = /\b(?:prepare|deallocate|discard|declare)\b/i;

function namesOf({ understood, statements }: StatementReading, text: string): readonly NameChange[] {
  if (!understood) return changesNames.test(text) ? [{ change: 'forgets', at: 0 }] : [];
  return statements.flatMap(({ prepares, executes, deallocates, declares }, at): NameChange[] => {
    if (prepares !== null) return [{ change: 'prepares', name: inLatin1(prepares), at }];
    if (executes !== null) return [{ change: 'runs', name: inLatin1(executes), at }];
    if (declares !== null) return [{ change: 'declares', name: inLatin1(declares), at }];
    if (deallocates === null) return [];
    return deallocates === 'all'
      ? [{ change: 'drops-all', at }]
      : [{ change: 'drops', name: inLatin1(deallocates.name), at }];
  });
}

function inLatin1(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}

/** Characters; a text may hold every kind there is. */
const longestKind = 200;

/** The fast-path call of a function by its number. */
export const functionCall = unread('function call', 'it calls a function by its number');
/** The run of what was prepared where it can not be seen. */
export const unseen = unread('execute', 'it runs what was not prepared in sight of this proxy');

function unread(kind: string, detail: string): JudgedText {
  const message = `this statement is refused: ${detail}, and what is not understood is not allowed here`;
  const why = { rule: 'not-understood', message };
  return { shown: null, kind, fingerprint: null, verdict: 'marked', why, names: [] };
}

export const tooManyPrepared: JudgedText = {
  ...unread('prepare', ''),
  why: {
    rule: 'too-many-prepared',
    message:
      'this connection keeps too many or too large prepared statements; deallocate some, or use another connection',
  },
};

/** What the person reads instead of the database's words. SQLSTATE 42501 is insufficient_privilege. */
export function deniedWords({ why }: JudgedText): LastWords {
  return { code: '42501', message: why?.message ?? 'this statement is refused by the access policy' };
}
