import { Environment, EvaluationError } from '@marcbachmann/cel-js';
import type { Claims } from './claims.ts';
import { claimsSchema } from './claims.ts';
import { costOf } from './cel-grammar.ts';

/** Names the dialect in conditions, policies and decisions: one that gives other answers gets another name. */
export const dialect = 'sallyport-cel-1';

/** The longest expression, in UTF-16 units. */
export const longestExpression = 2_000;
/** The largest claims an expression is evaluated on, in characters of JSON, and the most steps it may take. */
const largestClaims = 65_536;
export const mostSteps = 2_000_000;

const limits = { maxAstNodes: 300, maxDepth: 24, maxListElements: 100, maxMapEntries: 0, maxCallArguments: 3 };
const { reason: _reason, ...unasked } = claimsSchema.user;
const withoutReason = environmentOf({ ...claimsSchema, user: unasked });

/** The shape of claims in the types of CEL: an expression that names another field does not compile. */
interface ClaimsShape {
  readonly [field: string]: string | ClaimsShape;
}

export type ExpressionCheck = { readonly ok: true } | { readonly ok: false; readonly message: string };
export type Evaluation = { readonly value: boolean } | { readonly error: string };

/** The expressions of the dialect over claims of one shape. */
export interface Expressions<C extends object> {
  /** Whether `text` is one that gives true or false; the message says what is wrong. */
  readonly check: (text: string) => ExpressionCheck;
  /**
   * The value of `expression` on `claims`: a pure function of both, bounded in time, that never throws. An error (missing
   * field, wrong type, too costly) is no answer, and whoever asks for a right must take it as a no.
   */
  readonly evaluate: (expression: string, claims: C) => Evaluation;
  /** The steps that `expression` may take on `claims` at most; null when it does not compile. Pure too. */
  readonly cost: (expression: string, claims: C) => number | null;
}

export function expressionsOver<C extends object>(shape: ClaimsShape): Expressions<C> {
  const environment = environmentOf(shape);
  return {
    check: (text) => {
      try {
        compile(environment, text, { longestList: 0, size: 0 });
        return { ok: true };
      } catch (error) {
        return { ok: false, message: problemOf(error) };
      }
    },
    evaluate: (expression, claims) => {
      try {
        const size = JSON.stringify(claims).length;
        if (size > largestClaims) return { error: `the claims are larger than ${largestClaims} characters` };
        const run = compile(environment, expression, { longestList: longestList(claims), size });
        const value: unknown = run({ claims: inert(claims) });
        return typeof value === 'boolean' ? { value } : { error: 'the expression gives neither true nor false' };
      } catch (error) {
        return { error: failureOf(error) };
      }
    },
    cost: (expression, claims) => {
      try {
        if (expression.length > longestExpression) return null;
        const size = JSON.stringify(claims).length;
        const steps = costOf(environment.parse(expression).ast, { longestList: longestList(claims), size });
        return Math.min(Math.ceil(steps), Number.MAX_SAFE_INTEGER);
      } catch {
        return null;
      }
    },
  };
}

/** Those of conditions and of policies. */
export const { check: checkExpression, evaluate, cost: costOn } = expressionsOver<Claims>(claimsSchema);

/** Whether an expression that compiles speaks of `claims.user.reason`: without that field it would not compile. */
export function readsReason(text: string): boolean {
  return !withoutReason.parse(text).check().valid;
}

function environmentOf(shape: ClaimsShape): Environment {
  return new Environment({ limits }).registerVariable({ name: 'claims', schema: shape });
}

function compile(
  environment: Environment,
  text: string,
  cost: { longestList: number; size: number },
): (context: object) => unknown {
  if (text.length > longestExpression) throw new Error(`an expression has at most ${longestExpression} characters`);
  const parsed = environment.parse(text);
  // The tree is only read here: cost and grammar first, since the type check unfolds macros.
  if (costOf(parsed.ast, cost) > mostSteps) throw new Error('the expression is too costly for these claims');
  const checked = parsed.check();
  if (!checked.valid) throw checked.error ?? new Error('the expression does not compile');
  if (checked.type !== 'bool' && checked.type !== 'dyn') {
    throw new Error(`the expression must give true or false, this one gives ${checked.type ?? 'nothing'}`);
  }
  return parsed;
}

/** A copy in maps, where a name is a key and nothing else; whole numbers are CEL's `int`. */
function inert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inert);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, inert(item)]));
}

function longestList(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const items: readonly unknown[] = Object.values(value);
  return items.reduce<number>((longest, item) => Math.max(longest, longestList(item)), items.length);
}

/** What went wrong without a word of the claims, which are personal: CEL's code in place of its message. */
function failureOf(error: unknown): string {
  return error instanceof EvaluationError ? `evaluation failed: ${error.code}` : problemOf(error);
}

/** The first line of a message: CEL's errors go on with a picture of the expression. */
function problemOf(error: unknown): string {
  return (error instanceof Error ? error.message : 'unknown error').split('\n', 1)[0] ?? 'unknown error';
}
