import type { StatementFunction, StatementObject } from '../../domain/policy/statements.ts';
import { constant, list, type Tree } from './tree.ts';

const sequenceFunctions = new Map([
  ['nextval', 'write'],
  ['setval', 'write'],
  ['currval', 'read'],
] as const);

/** A part of a name in a text: quoted with its quotes doubled, or folded to small letters. */
const part = /(?:"((?:[^"]|"")+)"|([A-Za-z_\u{80}-\u{10FFFF}][\w$\u{80}-\u{10FFFF}]*))/u;
const nameForm = new RegExp(`^\\s*${part.source}(?:\\s*\\.\\s*${part.source})?\\s*$`, 'u');

/** The sequence that a call of `nextval('schema.name')` names; `*` when only the server will know. */
export function sequenceOf({ name }: StatementFunction, { args }: Tree): StatementObject | null {
  const access = sequenceFunctions.get(name as 'nextval');
  if (access === undefined) return null;
  const unknown = { type: 'relation', schema: null, name: '*', access } as const;
  const found = nameForm.exec(constant(list(args)[0]) ?? '');
  if (found === null) return unknown;
  const [first, second] = [named(found[1], found[2]), named(found[3], found[4])];
  if (first === null) return unknown;
  return second === null
    ? { type: 'relation', schema: null, name: first, access }
    : { type: 'relation', schema: first, name: second, access };
}

function named(quoted: string | undefined, plain: string | undefined): string | null {
  if (quoted !== undefined) return quoted.replaceAll('""', '"');
  return plain?.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) ?? null;
}
