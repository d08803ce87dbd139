import { createHash } from 'node:crypto';
import { fingerprintSync, loadModule, parseSync } from 'libpg-query';
import type { StatementParser } from '../../application/ports/statement-parser.ts';
import type { StatementReading } from '../../domain/policy/statements.ts';
import { ReadingCache } from './cache.ts';
import { masked } from './masked.ts';
import { redacted, withoutSecrets } from './secrets.ts';
import { NotUnderstood, tree } from './tree.ts';
import { factsOf } from './walk.ts';

/** In UTF-16 units; a text of this length takes some 40 ms at the most. */
const longestText = 64 * 1024;
/** Longer texts are read anew each time. */
const longestKnown = 4 * 1024;

/** PostgreSQL's own parser (libpg_query, compiled to WebAssembly), with a cache of what it said. */
export async function openStatementParser(): Promise<StatementParser> {
  await loadModule();
  const known = new ReadingCache();
  return {
    read: (text) => {
      const key = text.length > longestKnown ? text : masked(text);
      const found = known.get(key);
      if (found !== undefined) return found;
      const reading = readText(text);
      if (text.length <= longestKnown && (reading.understood || key === text)) known.set(key, reading);
      return reading;
    },
    redact: (text) => (text.length > longestText ? null : redacted(text)),
    withoutSecrets: (text) => withoutSecrets(text),
  };
}

function readText(text: string): StatementReading {
  if (text.length > longestText) return notUnderstood('too-long', text);
  // The server's text ends at a NUL; one that goes on is from nobody who means well.
  if (text.includes('\0')) return notUnderstood('syntax', text);
  let stmts: readonly unknown[];
  try {
    stmts = text === '' ? [] : (parseSync(text).stmts ?? []);
  } catch {
    return notUnderstood('syntax', text);
  }
  try {
    const statements = stmts.map((each) => factsOf(tree(each).stmt));
    const fingerprint = statements.length === 0 ? digest('') : fingerprintOf(text);
    return { understood: true, why: null, statements, fingerprint };
  } catch (error) {
    return notUnderstood(error instanceof NotUnderstood ? error.why : 'too-deep', text);
  }
}

function notUnderstood(why: NonNullable<StatementReading['why']>, text: string): StatementReading {
  // Of a text that is too long its beginning and its length say enough, and take no time.
  const begin = withoutSecrets(text.slice(0, longestText));
  const fingerprint = digest(why === 'too-long' ? `${begin} ${String(text.length)}` : begin);
  return { understood: false, why, statements: [], fingerprint };
}

/** libpg_query takes a password into its fingerprint, so that it does not get to see one. */
function fingerprintOf(text: string): string {
  try {
    const found = fingerprintSync(withoutSecrets(text));
    return /^[0-9a-f]{16}$/.test(found) ? found : digest(withoutSecrets(text));
  } catch {
    return digest(withoutSecrets(text));
  }
}

/** As long as a fingerprint of libpg_query. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
